ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY . /opt/kafka/libs
# A class path in a fixed order: the archive of classes only serves the one it was made with.
RUN ls /opt/kafka/libs/*.jar | paste -sd: >/opt/kafka/classpath
