#!/usr/bin/env python3
"""Finds out what common distributions bring along that needs system packages: makes src/knowledge/implied.toml.

    implied.py write           reads the metadata of each name below (needs the package index; a minute or two)

A name below is a requirement, alone or with an extra. What its newest release requires is followed as long as it leads
to names that stand here too, or to distributions with a row in system_packages.toml: these are what is kept. Markers are
evaluated for the newest Python with images, on Linux.
"""

import datetime
import json
import pathlib
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from packaging.requirements import Requirement

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYSTEM = ROOT / "src/knowledge/system_packages.toml"
IMPLIED = ROOT / "src/knowledge/implied.toml"
HEAD = """\
# What common distributions bring along that needs system packages (system_packages.toml): for projects without a
# lockfile, whose requirements do not name it. Made by `.ci/knowledge/implied.py write`; new names are added there.
"""
INDEX = "https://pypi" + ".org/pypi/{}/json"
# Older releases that bring what the newest one does not, and the releases that are like them. uv resolves these.
OLDER = [
    ("supervision==0.28.0", "<0.31"), ("svglib==1.6.0", ">=1.6,<2"), ("deepface==0.0.93", "<=0.0.93"),
    ("streamlit==1.40.0", "<=1.40"), ("wandb==0.18.0", "<=0.18"), ("mlflow==2.20.0", "<3"),
]
ENVIRONMENT = {
    "implementation_name": "cpython", "os_name": "posix", "platform_machine": "x86_64",
    "platform_python_implementation": "CPython", "platform_system": "Linux", "sys_platform": "linux",
    "python_version": "3.13", "python_full_version": "3.13.9",
}

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
opencv-python opencv-contrib-python reportlab ultralytics-thop thop albucore paddlex docling-core fastdtw pdfminer-six
weasyprint cairocffi pydyf ocrmypdf python-doctr docling-ibm-models effdet rapidocr rapidocr-onnxruntime simple-lama-inpainting
ultralytics-actions inference-models unstructured-pytesseract nemo-toolkit retina-face lightphe streamlit-webrtc pykerberos
xmlsec python3-saml requests-credssp django-pgactivity social-auth-core winkerberos basicsr gfpgan realesrgan facexlib
segment-anything controlnet-aux diffusers onnxruntime gym stable-baselines3 torchreid openmim mmcv mmdet pyautogui pyscreeze
pytweening qrcode-terminal pynput mlflow-skinny moviepy imageio manim-slides
""".split()


def targets():
    rows = tomllib.loads(SYSTEM.read_text())["row"]
    # A row for old releases says nothing of the newest, which is what is brought along.
    current = [row for row in rows if row["when"] == "always" and not row.get("versions", "").startswith("<")]
    return {row["distribution"]: True for row in current if "." not in row["distribution"]}, [
        (row["distribution"], row["extra"]) for row in rows if row.get("extra")
    ]


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def metadata(name):
    """The version and the requirements of the newest release; nothing where the index has no such name."""
    try:
        with urllib.request.urlopen(INDEX.format(name), timeout=60) as answer:
            info = json.load(answer)["info"]
            return info["version"], [Requirement(text) for text in info["requires_dist"] or []]
    except urllib.error.HTTPError:
        return None


def needs(known, name, extras):
    """What the newest release requires when it is asked for with these extras: names and their extras."""
    found = []
    for requirement in (known.get(name) or (None, []))[1]:
        given = extras or [""]
        if requirement.marker is None or any(requirement.marker.evaluate({**ENVIRONMENT, "extra": extra}) for extra in given):
            found.append((normalised(requirement.name), sorted(requirement.extras)))
    return found


def main():
    names, with_extra = targets()
    parsed = [Requirement(text) for text in dict.fromkeys(NAMES)]
    ask = sorted({normalised(one.name) for one in parsed} | set(names))
    with ThreadPoolExecutor(4) as pool:
        known = dict(zip(ask, pool.map(metadata, ask)))
    rows, older = [], []
    for one in parsed:
        own, extras = normalised(one.name), sorted(one.extras)
        if not known.get(own):
            continue
        seen, waiting, brings = set(), [(own, extras)], {}
        while waiting:
            name, asked = waiting.pop()
            if (name, tuple(asked)) in seen:
                continue
            seen.add((name, tuple(asked)))
            for brought, given in needs(known, name, asked):
                extra = next((e for n, e in with_extra if n == brought and e in given), None)
                if brought != own and (brought in names or extra):
                    brings[brought] = f"{brought}[{extra}]" if extra else brings.get(brought, brought)
                # The wheel of Psycopg stands beside it: nothing is missing then.
                if brought == "psycopg" and "binary" in given:
                    brings.pop("psycopg", None)
                waiting.append((brought, given))
        if any(name == "psycopg-binary" for name, _ in seen):
            brings.pop("psycopg", None)
        if brings:
            rows.append((own, ",".join(extras) or None, sorted(brings.values()), known[own][0]))
    for requirement, versions in OLDER:
        done = subprocess.run(
            ["uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-config", "--no-python-downloads",
             "--python-version", "3.12", "--python-platform", "x86_64-unknown-linux-gnu", "-"],
            input=requirement, text=True, capture_output=True, check=True,
        )
        own = requirement.split("==")[0]
        brings = sorted({line.split("==")[0] for line in done.stdout.splitlines()} & set(names) - {own})
        older.append((own, versions, brings))
    alone = {name: set(brings) for name, extra, brings, _ in rows if extra is None}
    rows += [(name, None, brings, versions) for name, versions, brings in older]
    bounds = {name: versions for name, versions, _ in older}
    out = [HEAD, f'checked = "{datetime.date.today()}"\n', 'source = "the package index, `requires_dist` of the newest releases"\n']
    for name, extra, brings, version in sorted(rows, key=lambda row: (row[0], row[1] or "")):
        brings = [one for one in brings if extra is None or one not in alone.get(name, ())]
        if brings and (extra is None or "," not in extra):
            out.append(f'\n[[row]] # {version}\nname = "{name}"\n' + (f'extra = "{extra}"\n' if extra else ""))
            if bounds.get(name) == version:
                out.append(f'versions = "{version}"\n')
            out.append("brings = [" + ", ".join(f'"{one}"' for one in brings) + "]\n")
    IMPLIED.write_text("".join(out))
    missing = [name for name in ask if not known[name]]
    print(f"{len(rows)} rows; not on the index: {' '.join(missing)}")


if __name__ == "__main__":
    main() if sys.argv[1:] == ["write"] else sys.exit(__doc__)
