ARG BASE_IMAGE
FROM ${BASE_IMAGE}
COPY package/bin/node /usr/local/bin/node
RUN ["node", "--version"]
CMD ["node"]
