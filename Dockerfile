# syntax=docker/dockerfile:1
# LedgerBridge in an image: api, worker and both simulators are the same files; LEDGERBRIDGE_ROLE says what it does.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN node server/bootstrap/run.mjs build
# What runs, without the tools that built it and without the embedded database: DATABASE_URL names yours.
RUN CI=true .toolchain/node_modules/.bin/pnpm install --frozen-lockfile --prod --no-optional --filter @ledgerbridge/server

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/prisma/migrations ./prisma/migrations
COPY --from=build /app/server/package.json ./server/package.json
COPY --from=build /app/server/node_modules ./server/node_modules
COPY --from=build /app/server/src ./server/src
COPY --from=build /app/server/simulator ./server/simulator
COPY --from=build /app/server/command ./server/command
COPY --from=build /app/web/dist ./web/dist
USER node
EXPOSE 4000
# The process is its own init: it takes SIGTERM, finishes or leaves to evidence what is in flight, and ends within 10 s.
CMD ["node", "server/src/main/start.ts"]
