FROM node:20-bookworm-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 KONGCHUO_VAR=/data
WORKDIR /app
COPY requirements-run.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-run.txt
COPY . .
COPY --from=frontend /build/node_modules ./node_modules
RUN useradd --system --uid 10001 kongchuo && mkdir /data && chown kongchuo /data
# As in production, so that file names carry their digests; the secrets are for this step alone.
RUN DEBUG=0 SECRET_KEY=build ALLOWED_HOSTS=build KONGCHUO_VAR=/tmp/build \
    KONGCHUO_FIELD_KEYS=build:$(head -c 48 /dev/urandom | base64 -w 0) \
    python manage.py collectstatic --no-input && rm -rf /tmp/build
USER kongchuo
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "kongchuo.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--no-control-socket"]
