# One image for every service: `mesh serve NAME` chooses which one a container runs.
FROM python:3.12-slim AS build
WORKDIR /srv/mesh
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY mesh mesh
COPY gateway gateway
COPY orchestrator orchestrator
COPY agents agents
COPY datahub datahub
COPY monitor monitor
COPY agent_cards agent_cards
COPY examples examples
RUN /opt/venv/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 mesh \
    && install -d -o mesh -g mesh /var/lib/mesh /data
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MESH_HOME=/var/lib/mesh \
    MESH_DATA_DIRS=/data \
    MESH_LOG_FORMAT=json
USER mesh
WORKDIR /var/lib/mesh
VOLUME /var/lib/mesh
STOPSIGNAL SIGTERM
ENTRYPOINT ["mesh"]
CMD ["up"]
