# An image of pilotlight, for array jobs (docs/beyond-one-machine.md) and wherever else images run:
#   npm pack
#   npm install --prefix image --omit=dev --ignore-scripts ./pilotlight-*.tgz
#   docker build -t pilotlight -f Dockerfile image
# Packages are installed before, on a machine of the image's kind, so that the build itself needs no registry.
# There is no ENTRYPOINT: engines give whole commands, and AWS Batch would hand them to it as its words.
ARG BASE=node:24-slim
FROM ${BASE}
COPY node_modules /opt/pilotlight/node_modules
ENV PATH=/opt/pilotlight/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# The user "node" of Node's images.
USER 1000:1000
WORKDIR /tmp
CMD ["pilotlight", "--help"]
