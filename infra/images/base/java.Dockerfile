ARG BASE_IMAGE
FROM ${BASE_IMAGE}
ADD layer.tar /
RUN ["java", "-version"]
