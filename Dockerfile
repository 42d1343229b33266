# trainer in a container, as a user without rights:
#   docker build -t trainer .
#   docker run --rm -v "$PWD:/work" --user "$(id -u):$(id -g)" trainer train --normal photos/rice --coco data/coco/val2017
# Pictures are read from the folder mounted at /work, runs are written there. /cache keeps decoded pictures and start weights (-v trainer:/cache).
# The CPU's build, for linux/amd64. Built and run by buildah on stand-ins for the three images below (Debian 12 with Node 20 and .NET 10);
# not yet on these themselves, which couldn't be had.
ARG NODE=docker.io/library/node:22-slim
ARG SDK=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME=mcr.microsoft.com/dotnet/aspnet:10.0

FROM ${NODE} AS page
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --silent
COPY web .
RUN npm run --silent build

FROM ${SDK} AS build
WORKDIR /src
COPY . .
COPY --from=page /src/web/dist web/dist
RUN dotnet restore src/Trainer --locked-mode -v quiet \
    && dotnet publish --no-restore -c Release -r linux-x64 --no-self-contained src/Trainer -o /trainer -v quiet

FROM ${RUNTIME}
COPY --from=build /trainer /opt/trainer
ENV PATH="/opt/trainer:${PATH}" TRAINER_CACHE=/cache
RUN mkdir --mode=1777 /cache /work
WORKDIR /work
USER 1654:1654
ENTRYPOINT ["trainer"]
