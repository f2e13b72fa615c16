# One image, four commands: api, agents, worker, clock (and migrate, doctor, …).

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build

# The dependencies first: this layer changes only when the lock does.
COPY requirements.lock ./
RUN python -m venv /opt/rapport \
 && /opt/rapport/bin/pip install --quiet --require-hashes -r requirements.lock

# The builder is pinned too; it stays in this stage.
COPY requirements-dev.lock ./
RUN awk '/^[a-z]/ { keep = /^hatchling==/ } keep' requirements-dev.lock > builder.txt \
 && pip install --quiet --require-hashes -r builder.txt -c requirements-dev.lock

COPY pyproject.toml README.md ./
COPY agents agents
COPY graphql_api graphql_api
COPY runtime runtime
COPY scheduler scheduler
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/rapport/bin/pip install --quiet --no-deps dist/*.whl \
 && /opt/rapport/bin/python -m compileall -q /opt/rapport/lib


FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/rapport rapport
COPY --from=build /opt/rapport /opt/rapport
ENV PATH=/opt/rapport/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    LOG_FORMAT=json \
    RAPPORT_DATA_DIR=/var/lib/rapport
USER 10001
WORKDIR /var/lib/rapport
EXPOSE 8000
STOPSIGNAL SIGTERM

# For the api; compose.yaml switches it off for the processes that serve no HTTP.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=2)"]

ENTRYPOINT ["rapport"]
CMD ["api"]
