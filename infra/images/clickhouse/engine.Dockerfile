ARG BASE_IMAGE
FROM ${BASE_IMAGE}
ARG PACKAGE
# Half a gigabyte: a layer of its own, which changes with the engine only.
COPY . /opt/steamline/node_modules/${PACKAGE}
