# Two targets: `ingress` (webhooks, console, API; has no CrewAI) and `worker` (answers). No BuildKit features needed:
#   docker build --target ingress -t chatcrew-ingress .
#   docker build --target worker  -t chatcrew-worker  .
# Both run as user 10001 on a read-only root: only /app/data and /tmp are written to.

FROM python:3.12-slim AS build-ingress
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements-ingress.lock pyproject.toml README.md LICENSE ./
RUN /app/.venv/bin/pip install --no-cache-dir --no-compile --require-hashes --no-deps -r requirements-ingress.lock
COPY src ./src
RUN /app/.venv/bin/pip install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
    && /app/.venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /app/.venv/lib

FROM python:3.12-slim AS build-worker
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.lock pyproject.toml README.md LICENSE ./
RUN /app/.venv/bin/pip install --no-cache-dir --no-compile --require-hashes --no-deps -r requirements.lock
COPY src ./src
# crewai_cli brings patterns of files that it fills in: they are no Python, and would fail the build
RUN /app/.venv/bin/pip install --no-cache-dir --no-compile --no-deps --no-build-isolation . \
    && /app/.venv/bin/python -m compileall -q -j 0 -x '/crewai_cli/templates/' --invalidation-mode unchecked-hash /app/.venv/lib

FROM python:3.12-slim AS final
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin chatcrew \
    && mkdir -p /app/data && chown 10001 /app/data
WORKDIR /app
# Bytecode is compiled above and never checked again, for nothing may be written beside it
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp \
    CHATCREW_HOST=0.0.0.0 CHATCREW_ADMIN_HOST=0.0.0.0 CHATCREW_DATA_DIR=/app/data
COPY config ./config
COPY crews ./crews
VOLUME /app/data
USER 10001
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
