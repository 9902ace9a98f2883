#!/usr/bin/env python3
"""Finds out what common distributions bring along that needs system packages: makes src/knowledge/implied.toml.

    implied.py write           resolves each name below anew (needs the package index; some minutes)

A name below is a requirement, alone or with an extra. Each is resolved with uv for the newest Python that it supports,
as pip would install it, and what the resolution shares with system_packages.toml is kept.
"""

import datetime
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYSTEM = ROOT / "src/knowledge/system_packages.toml"
IMPLIED = ROOT / "src/knowledge/implied.toml"
HEAD = """\
# What common distributions bring along that needs system packages (system_packages.toml): for projects without a
# lockfile, whose requirements do not name it. Made by `.ci/knowledge/implied.py write`; new names are added there.
"""
PYTHONS = ["3.13", "3.12", "3.11", "3.10"]

NAMES = """
supervision ultralytics easyocr deepface insightface paddleocr albumentations imgaug face-recognition rembg
mediapipe yolov5 facenet-pytorch retina-face mtcnn keras-ocr doctr python-doctr layoutparser camelot-py img2table
pdf2docx scenedetect imagededup norfair kornia inference ocrmypdf docling docling-parse unstructured
unstructured[pdf] unstructured[docx] unstructured[all-docs] unstructured-inference marker-pdf surya-ocr textract
django-weasyprint django-renderpdf weasyprint django-easy-pdf xhtml2pdf svglib rlpycairo reportlab[pycairo]
cairosvg django-svg-image-form-field easy-thumbnails[svg] pygal pycairo drawsvg manim qrcode-artistic segno-pil
markdown-pdf mdpdf pdfkit django-wkhtmltopdf imgkit pdf-reports invoice-generator django-report-builder django-invoice
python3-saml django-saml-sp djangosaml2 djangosaml2idp django-saml2-auth grafana-django-saml2-auth
django-saml2-auth-community social-auth-core[saml] social-auth-app-django pysaml2 drf-saml django-allauth[saml]
zeep[xmlsec] signxml onelogin
django-auth-ldap django-ldapdb django-python3-ldap netbox-plugin-auth django-auth-kerberos requests-kerberos
requests-gssapi pyspnego[kerberos] pywinrm[kerberos] hdfs[kerberos] pyhive[hive] pyhive[hive-pure-sasl] sasl thrift-sasl
mssql-django django-mssql-backend django-pyodbc-azure django-pyodbc sqlalchemy-access aioodbc dbt-sqlserver
django-mssql turbodbc sqlalchemy[mssql] sqlalchemy[mssql-pyodbc] sqlalchemy[mysql] sqlalchemy[postgresql]
sqlalchemy[postgresql-psycopg2cffi] django-oracle-drcp cx-oracle-async django-db-geventpool django-mysql-geventpool
django-tenants django-tenant-schemas django-redshift-backend django-postgres-extra django-pgviews django-pgtrigger
django-pgpubsub django-pg-zero-downtime-migrations django-postgres-dropper aiopg psycopg-pool psycopg[pool]
psycopg[c,pool] django-prometheus procrastinate[django] procrastinate apache-airflow[postgres] pgcli mycli
mayan-edms paperless-ngx wagtail wagtail-localize django-oscar saleor horilla netbox nautobot pretix healthchecks
edx-django-utils django-shop django-cms django-filer filer easy-thumbnails sorl-thumbnail[pgmagick] pgmagick
django-imagekit django-versatileimagefield django-file-form django-upload-validator django-safe-filefield
django-constrainedfilefield django-private-chat2 django-clamd django-afip django-video-encoding django-ffmpeg
django-chunked-upload drf-extra-fields django-drf-filepond django-downloadview django-s3-file-field python-magic
unoserver unoconv docx2pdf pypandoc django-docs panflute nbconvert[webpdf] pytesseract tesserocr pdf2image pdftotext
pydub moviepy ffmpeg-python ffmpy imageio[ffmpeg] audioread librosa openai-whisper whisperx faster-whisper
speechrecognition gtts pyttsx3 yt-dlp youtube-dl sounddevice soundfile pyaudio aubio praat-parselmouth pyannote-audio
torchaudio spleeter pychromecast av torchcodec vosk
pyzbar qrtools zxing pylibdmtx treepoem python-barcode[images]
pygraphviz graphviz django-extensions pydot diagrams eralchemy eralchemy2 sqlalchemy-schemadisplay django-schema-graph
transitions[diagrams] viewflow django-fsm[graphviz] sphinx
gitpython dulwich django-git pydriller prefect mlflow wandb dvc gradio streamlit detect-secrets bandit commitizen
python-semantic-release pre-commit
selenium splinter helium undetected-chromedriver seleniumbase webdriver-manager pyppeteer playwright pytest-playwright
requests-html html2image kaleido django-behave pyvirtualdisplay chromedriver-autoinstaller scrapy-playwright crawl4ai
browser-use
gdal fiona rasterio geopandas django-leaflet djangorestframework-gis django-geojson django-raster cartopy pyproj rtree
mapnik osmnx pyogrio geodjango
pyenchant pyicu polyglot konlpy jpype1 tika tabula-py language-tool-python pyspark jaydebeapi python-boilerpipe
mecab-python3 fugashi
lightgbm flaml autogluon-tabular pycaret dlib xgboost catboost shap rdkit mordred deepchem vtk pyvista open3d
trimesh[all] pythonocc pymesh casadi gmsh nilearn mayavi
pycups pyscard pyserial libusb1 hidapi evdev python-gnupg gnupg django-gnupg python-nmap pyexiftool exifread rarfile
libarchive-c patool pyunpack py7zr python-crontab django-crontab pexpect fabric paramiko ansible django-dbbackup
django-backup netifaces psutil pykerberos pyldap m2crypto python-pam
uwsgi pyuwsgi gevent eventlet bjoern pycurl celery[sqs] celery[memcache] kombu[sqs] pylibmc django-pylibmc
django-elasticache confluent-kafka
celery[pymemcache] celery[librabbitmq] librabbitmq uamqp python-qpid-proton python-snappy fastparquet
hiredis aioquic channels-redis
""".split()


def targets():
    rows = tomllib.loads(SYSTEM.read_text())["row"]
    return {row["distribution"]: True for row in rows if row["when"] == "always" and "." not in row["distribution"]}, [
        (row["distribution"], row["extra"]) for row in rows if row.get("extra")
    ]


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def resolve(uv, requirement):
    for python in PYTHONS:
        done = subprocess.run(
            [uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-strip-extras", "--no-config",
             "--no-python-downloads", "--python-version", python, "--python-platform", "x86_64-unknown-linux-gnu",
             "--no-build", "-"],
            input=requirement, text=True, capture_output=True,
        )
        if done.returncode == 0:
            return [line.split("==") for line in done.stdout.splitlines() if "==" in line], None
    return None, (done.stderr.strip().splitlines() or ["?"])[-1]


def main():
    venv = tempfile.mkdtemp(prefix="implied-")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    subprocess.run([f"{venv}/bin/pip", "install", "--quiet", "uv"], check=True)
    names, with_extra = targets()
    rows, unknown = [], []

    def one(requirement):
        return requirement, resolve(f"{venv}/bin/uv", requirement)

    with ThreadPoolExecutor(2) as pool:
        for requirement, (lines, error) in pool.map(one, dict.fromkeys(NAMES)):
            if lines is None:
                unknown.append(f"{requirement}: {error}")
                continue
            own, _, extras = requirement.rstrip("]").partition("[")
            brings = set()
            for written, _ in lines:
                name, _, given = written.rstrip("]").partition("[")
                name = normalised(name)
                if name == normalised(own):
                    continue
                extra = next((e for known, e in with_extra if known == name and e in given.split(",")), None)
                if extra:
                    brings.add(f"{name}[{extra}]")
                elif name in names:
                    brings.add(name)
            # The wheel of Psycopg stands beside it: nothing is missing then.
            if any(written.startswith(("psycopg-binary", "psycopg[binary]")) for written, _ in lines):
                brings.discard("psycopg")
            if brings:
                version = next((v for written, v in lines if normalised(written.split("[")[0]) == normalised(own)), "?")
                rows.append((normalised(own), extras or None, sorted(brings), version))
    alone = {name: set(brings) for name, extra, brings, _ in rows if extra is None}
    out = [HEAD, f'checked = "{datetime.date.today()}"\n', 'source = "the package index, resolved with uv"\n']
    for name, extra, brings, version in sorted(rows, key=lambda row: (row[0], row[1] or "")):
        brings = [one for one in brings if extra is None or one not in alone.get(name, ())]
        if brings:
            out.append(f'\n[[row]] # {version}\nname = "{name}"\n' + (f'extra = "{extra}"\n' if extra else ""))
            out.append("brings = [" + ", ".join(f'"{one}"' for one in brings) + "]\n")
    IMPLIED.write_text("".join(out))
    print(f"{len(rows)} rows; {len(unknown)} names not resolved:", *unknown, sep="\n  ")


if __name__ == "__main__":
    main() if sys.argv[1:] == ["write"] else sys.exit(__doc__)
