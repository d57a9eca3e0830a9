# Image of the server and its command line. docs/containers.md explains how to build and run it.

# The Node of package.json. Its major and minor version decide which compiled code can be reused.
ARG NODE=docker.io/library/node:26.10.0-trixie-slim

FROM ${NODE} AS build
WORKDIR /app
COPY . .
# Installs all packages, and builds the web pages and the bundle of the server. The secret is optional: settings of npm
# for a registry of your own.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc node scripts/setup.mjs --server
# Removes what only builds and tests need. The image has its own Node.
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/.installed \
 && npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx > sbom.cdx.json
# Compiles the code once, as the user who runs it, so that containers start faster.
RUN install -d -o 1000 -g 1000 .compile-cache \
 && export NODE_COMPILE_CACHE=/app/.compile-cache \
 && setpriv --reuid 1000 --regid 1000 --clear-groups node -e "import('/app/node_modules/.cache/server/server.mjs')" \
 && setpriv --reuid 1000 --regid 1000 --clear-groups node --max-semi-space-size=64 src/cli/main.ts --help > /dev/null

FROM ${NODE}
# The image installs nothing, so it needs no package manager.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-* /usr/local/bin/yarn* \
 && install -d -o 1000 -g 1000 /data
WORKDIR /app
COPY package.json LICENSE ./
COPY deploy/container/patient-access /usr/local/bin/
COPY docs/guide docs/guide
COPY --from=build /app/web/dist web/dist
COPY --from=build /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/.compile-cache .compile-cache
# The command line runs the sources. The server reads its migrations, assets and definitions here.
COPY src src

ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/.compile-cache \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data
USER 1000:1000
# Only the embedded database writes here. With DATABASE_URL it stays empty.
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD \
  ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "node_modules/.cache/server/main.mjs"]

ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Patient Access" \
      org.opencontainers.image.description="Patient Access API with SMART App Launch, FHIR R4 and DSTU2" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
