# Two targets: `ingress` (webhooks; has no CrewAI) and `worker` (answers). Plain docker build, no BuildKit features:
#   docker build --target ingress -t chatcrew-ingress .
#   docker build --target worker  -t chatcrew-worker  .

FROM python:3.12-slim AS build-ingress
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements-ingress.lock pyproject.toml README.md LICENSE ./
RUN /app/.venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-ingress.lock
COPY src ./src
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim AS build-worker
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN /app/.venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY src ./src
RUN /app/.venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim AS final
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin chatcrew \
    && mkdir -p /app/data && chown chatcrew /app/data
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 CHATCREW_HOST=0.0.0.0 CHATCREW_ADMIN_HOST=0.0.0.0
COPY config ./config
COPY crews ./crews
USER chatcrew
EXPOSE 8080 8081
STOPSIGNAL SIGTERM

FROM final AS ingress
COPY --from=build-ingress /app/.venv /app/.venv
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health/live', timeout=2)"]
CMD ["chatcrew", "serve"]

FROM final AS worker
COPY --from=build-worker /app/.venv /app/.venv
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8081/health/live', timeout=2)"]
CMD ["chatcrew", "work"]
