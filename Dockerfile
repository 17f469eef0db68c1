# syntax=docker/dockerfile:1
# bottalk's agents for Pipecat Cloud (linux/arm64), and for a machine of one's own (linux/amd64):
#   docker buildx build --platform linux/arm64 --tag registry.example/acme/bottalk:$(git rev-parse --short HEAD) --push .
# `npm run check:image` checks what can be checked without a container engine.

# Compiling and installing give the same files on every machine, so both run on the one that builds, at its own speed.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS build
WORKDIR /srv/bottalk
COPY package.json package-lock.json .npmrc ./
COPY scripts/node24/package.json scripts/node24/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY bin bin
COPY src src
RUN node scripts/build.ts

# Weights that agents would otherwise do without; MODELS="" leaves them out, and the build needs no other host then.
FROM build AS models
ARG MODELS=smart-turn
RUN mkdir -p cache && for model in $MODELS; do BOTTALK_CACHE_DIR=cache node dist/bin/bottalk.js models pull "$model"; done

FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS packages
ARG TARGETARCH
WORKDIR /srv/bottalk
COPY package.json package-lock.json .npmrc ./
COPY scripts/node24/package.json scripts/node24/
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund
COPY scripts/prune-packages.ts scripts/
RUN node scripts/prune-packages.ts node_modules "$TARGETARCH"

FROM node:24-trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates chromium-headless-shell tini \
  && rm -rf /var/lib/apt/lists/* \
  # Containers have no user namespaces to make a sandbox of, so the container itself is the browser's.
  && printf '#!/bin/sh\nexec /usr/lib/chromium/chromium-headless-shell --no-sandbox "$@"\n' >/usr/local/bin/bottalk-chromium \
  && chmod 755 /usr/local/bin/bottalk-chromium
WORKDIR /srv/bottalk
COPY --from=packages /srv/bottalk/node_modules node_modules
COPY package.json LICENSE ./
COPY prices prices
COPY schema schema
COPY scenarios scenarios
COPY --from=models --chown=node:node /srv/bottalk/cache cache
COPY --from=build /srv/bottalk/dist dist
# The heap shares the memory of the instance with the browser: 384 MB of agent-1x's gigabyte.
ENV NODE_ENV=production \
  NODE_OPTIONS=--max-old-space-size=384 \
  BOTTALK_CACHE_DIR=/srv/bottalk/cache \
  BOTTALK_CHROMIUM=/usr/local/bin/bottalk-chromium
USER node
EXPOSE 8080
# tini passes signals on, and takes in the processes that a browser leaves behind, which Node as the first process would not.
ENTRYPOINT ["tini", "-e", "143", "--", "node", "dist/bin/bottalk.js"]
CMD ["serve"]
