# Two stages: the first has pip and installs from the hashed lock, the second only runs.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/ostriv
COPY requirements.lock ./
RUN /opt/ostriv/bin/pip install --require-hashes -r requirements.lock

FROM python:3.11.13-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ostriv \
    && install -d -o ostriv -g ostriv /data
COPY --from=build /opt/ostriv /opt/ostriv
WORKDIR /app
COPY pyproject.toml LICENSE ./
COPY cms cms
COPY api api
COPY workers workers
COPY plugins plugins
COPY --chmod=755 tools/ostriv /opt/ostriv/bin/ostriv
RUN /opt/ostriv/bin/python -m compileall -q cms api workers plugins
ENV PATH=/opt/ostriv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=cms.project.settings OSTRIV_DATA=/data
USER ostriv
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--http", "1", "--http1-buffer-size", "65536", "cms.project.wsgi:application"]
