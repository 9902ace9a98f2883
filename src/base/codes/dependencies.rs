//! Requirements, lockfiles and Python versions.

use super::codes;

codes! {
    REQUIREMENTS_MALFORMED = "requirements-malformed",
        "a line of the requirements is not a requirement",
        "pip stops at the first line that it cannot read, so the image would not build. Requirements are read \
         by PEP 508: a name, extras in brackets, versions with a comparison (`==`, `>=`, `~=`), a marker after \
         `;`. Frequent causes: a version without `==`, a line of a merge conflict, output of `pip list` instead \
         of `pip freeze`.";
    REQUIREMENTS_FILE_MISSING = "requirements-file-missing",
        "a requirements file includes one that is not there",
        "`-r FILE` and `-c FILE` are seen from the folder of the file that says them. The named file is not in \
         the project (or git ignores it), so `pip install` fails while the image is built. Correct the path, \
         or remove the line.";
    REQUIREMENTS_FILE_MISSPELT = "requirements-file-misspelt",
        "the requirements file has a misspelt name",
        "djdock reads the file as what it was meant to be. Hosting services and editors look for \
         `requirements.txt` by name and will not find it, and the next person will add a second file. \
         Rename it with `git mv`.";
    REQUIREMENTS_NOT_UTF8 = "requirements-not-utf8",
        "a requirements file is not in UTF-8",
        "pip reads requirements in UTF-8 where no byte order mark says otherwise. Bytes of another encoding \
         (CP949 from a Korean Windows, for example) end in `UnicodeDecodeError` in the image, even where they \
         stand in a comment. Save the file as UTF-8.";
    REQUIREMENTS_NOT_FOUND = "requirements-not-found",
        "nothing says which distributions the project needs",
        "djdock looked for requirements files, `pyproject.toml`, `Pipfile`, `setup.py`, `setup.cfg` and conda \
         environments, beside `manage.py`, above it, and in the usual folders. A `pyproject.toml` that only \
         configures tools does not count. Without a list nothing can be installed in the image.";
    REQUIREMENTS_PROPOSED = "requirements-proposed",
        "djdock makes the list of distributions that the project lacks",
        "Without a list nothing can be installed in an image. Where none is found, djdock looks up what the code \
         imports in a table of known modules, and takes the line of Django that `startproject` wrote into the \
         settings; where conda has a list, pip gets the same one. A module that is not in the table is never \
         guessed, because whatever is published under its name would be installed. The file is yours from then on: \
         versions that nobody pinned are the newest, so pin them with `pip freeze` where the project runs.";
    MANIFEST_BROKEN = "manifest-broken",
        "a manifest is not valid TOML",
        "The package manager refuses the file, so the image would not build. djdock went on with what it could \
         read of it; facts from the lines after the error may be missing.";
    TWO_LOCKFILES = "two-lockfiles",
        "two lockfiles of different managers lie side by side",
        "Only one of them can be what runs in production, and nothing keeps the other one current: installing \
         from the wrong one gives other versions than were tested. djdock takes the manager that more \
         evidence speaks for; delete the other lockfile, or choose with `--package-manager`.";
    LOCKFILE_MISSING = "lockfile-missing",
        "the manager's lockfile is not in the project",
        "Without a lockfile every build of the image resolves versions anew, so two builds of the same commit \
         can differ, and a release on the package index can break a deployment. Create it and commit it.";
    LOCKFILE_OUT_OF_DATE = "lockfile-out-of-date",
        "the manifest asks for something that the lockfile does not hold",
        "The manifest was changed after the lockfile was made: it names a distribution that is not locked, or versions \
         among which the locked one is not. uv and Poetry stop at such a lock while the image is built; Pipenv and \
         PDM install what is locked, and the distribution that was added is missing when the project starts. Lock \
         again, and commit the lockfile.";
    DJANGO_UNPINNED = "django-unpinned",
        "no upper bound holds the version of Django",
        "The image gets whatever release of Django is newest on the day of the build, a new major version \
         included. Feature releases remove what was deprecated, and drop old Pythons and databases. State \
         the line that the project is tested with: `django>=5.2,<5.3` or `django~=5.2.0`.";
    PRIVATE_INDEX = "private-index",
        "requirements come from a package index of their own",
        "The build reaches an index beside the public one. Where it needs a password, that must reach the build \
         as a BuildKit secret: never as `ARG`, `ENV` or in a copied file, because all three stay readable in the \
         image's history. djdock names the variables and keeps their values out of everything it writes.";
    REQUIREMENT_OVER_SSH = "requirement-over-ssh",
        "a requirement is fetched over ssh",
        "The builder has no key of its own, so `git clone` over ssh fails with \"Permission denied (publickey)\". \
         Build with `--ssh default`, which lends the key of your agent for that step alone, or change the \
         requirement to an `https` address.";
    LOCAL_REQUIREMENT_MISSING = "local-requirement-missing",
        "a requirement is a folder that is not there",
        "The requirement names a path that is not in the project (it may lie beside it on your machine, or be a git \
         submodule that is not checked out). The build context ends at the project, so the image cannot hold it.";
    PYTHON_TOO_OLD = "python-too-old",
        "the project asks for a Python that its Django does not run on",
        "Each release of Django states the Pythons that it supports; on an older one it cannot even be \
         installed. djdock chooses the newest Python that the rest allows and goes on, but the place that asks \
         for the old one has to change, or Django has to stay older.";
    PYTHON_TOO_NEW = "python-too-new",
        "the project asks for a Python newer than its Django supports",
        "Old releases of Django use modules that later Pythons no longer have (`distutils` until 3.11, `cgi` \
         until 3.12). It may still start, but nobody tests the pair. Choose an older Python or a newer Django.";
    PYTHON_STATEMENTS_DIFFER = "python-statements-differ",
        "two places of the project ask for different Pythons",
        "djdock takes what the project itself says of its range first, then what an existing Dockerfile or \
         platform file runs, then developers' files. Make the places agree, so that development and \
         production run the same Python.";
    PYTHON_END_OF_LIFE = "python-end-of-life",
        "the Python has no security fixes any more",
        "The image would be built on a Python that gets no fixes. djdock does as the project asks; plan the \
         step to a supported version, together with the Django that supports it.";
    PYTHON_VERSION_FILE_NAMES_NO_VERSION = "python-version-file-names-no-version",
        "`.python-version` holds a name and not a version",
        "pyenv also writes names of virtual environments there. Such a name says nothing of the version, and other \
         tools (uv, Heroku, mise) refuse the file. Write the version into it: `3.13`.";
    DJANGO_END_OF_LIFE = "django-end-of-life",
        "the Django has no security fixes any more",
        "This release line of Django gets no fixes, not even for holes that are being used. A container does not \
         change that. The next long-term release is the usual target of an upgrade.";
    NO_WHEEL = "no-wheel",
        "a pinned distribution has no binary wheel for the chosen Python",
        "pip then compiles it while the image is built, which takes minutes and needs a compiler and headers, or \
         fails where the old source does not know the new Python. djdock adds the compiler to the build stage. \
         Raising the pin is the better way.";
    OLD_SOURCE_DISTRIBUTION = "old-source-distribution",
        "a pinned release is built from source, and needs build tools of its time",
        "Installers build what has no wheel with the newest build tools, and these no longer have what old sources use: \
         `use_2to3`, `convert_path`, `pkg_resources` of setuptools, or the language of Cython 0.29. Where pip installs, \
         djdock holds such builds to older tools, in `build-constraints.txt` beside its other files. uv takes the \
         same from `build-constraint-dependencies` in pyproject.toml. A newer release that has a wheel needs none of it.";
    VERSION_FROM_GIT = "version-from-git",
        "the project's version is read from git, which no image holds",
        "Tools like setuptools-scm count commits to make a version, and stop where there is no repository: an image holds \
         none, because `.dockerignore` leaves `.git` out. Nothing in a Django project needs the right number, so djdock \
         sets the variable that stands for it, for the commands that install and for nothing else. Where a tool has \
         no such variable, state a version in the manifest.";
    DEVELOPMENT_REQUIREMENTS_LEFT_OUT = "development-requirements-left-out",
        "one of several requirements files for development is not installed",
        "Two files pin different versions of the same distribution, so pip can install only one of them. The development \
         image gets the file that a README or a build file installs, else the one with the likelier name. Delete the \
         file that nobody uses, or let one include the other with `-r` and drop the pins that it repeats.";
    DRIVER_OF_VENDOR = "driver-of-vendor",
        "the database needs a driver that Debian does not have",
        "Some drivers come from the vendor of the database alone, under a licence that each user accepts: Microsoft's ODBC \
         driver for SQL Server, Oracle's client for cx_Oracle. djdock installs what Debian has (the ODBC manager, \
         libaio) and leaves that driver to you, because no image may accept a licence in your name. FreeTDS is a free \
         driver for SQL Server; oracledb talks to Oracle without a client.";
    REQUIREMENT_OF_ANOTHER_SYSTEM = "requirement-of-another-system",
        "a requirement exists for another system alone",
        "`pip freeze` writes down whatever is installed, also what belongs to the system that it runs on: `pywin32` on \
         Windows, `pkg-resources==0.0.0` with the pip of Debian and Ubuntu. Linux has no distribution of that name, and \
         pip then installs nothing at all. Take the line out, or say where it is meant for: \
         `pywin32==308; sys_platform == \"win32\"`. What djdock writes leaves such lines out of the copy that it \
         installs from.";
    REQUIREMENT_NOT_ON_INDEX = "requirement-not-on-index",
        "the index has nothing that can be installed for a requirement",
        "Some names are those of modules and not of distributions (`PIL`, `cv2`), and some releases were taken from the index \
         after somebody had pinned them. pip then installs nothing at all. What djdock writes leaves such lines out of the copy \
         that it installs from, and installs the distribution that brings the same modules, where there is one.";
    INDEX_ADDRESS_OLD = "index-address-old",
        "the public package index is named by its old address",
        "The Python Package Index had the address pypi.python.org until 2018, and old Pipfiles and exported lists still name \
         the old address. The old address redirects, and mirrors and firewalls often know the present one alone. Images ask the present \
         address; the line can go, because pip asks there by itself.";
    SITE_IMPORTS_DEVELOPMENT = "site-imports-development",
        "the site imports what only developers install",
        "A group or an extra for developers (`dev`, `test`) is left out of the production image. Here a file that Django imports when it \
         starts imports a module which nothing else brings, itself or through a file for tests: the site would stop with \
         `ModuleNotFoundError`. The image therefore gets the whole group, which makes it larger. Move the import, or \
         state the distribution among the requirements of production.";
    UNSTATED_NEED = "unstated-need",
        "a distribution imports another one that nothing installs",
        "Images of Python 3.12 and later hold no setuptools, and setuptools 82 dropped `pkg_resources`; \
         distributions that still import it start with `ModuleNotFoundError: No module named 'pkg_resources'`. \
         So it is with `cgi` or `imghdr`, which Python 3.13 dropped and single distributions bring. Raise the \
         distribution, or state the one that is named.";
    MODULE_REMOVED = "module-removed",
        "something imports a module that this Python no longer has",
        "Python 3.12 and 3.13 dropped modules that were old: `imp`, `distutils`, `asyncore`, `cgi`, `telnetlib` and others. \
         What still imports one stops with `ModuleNotFoundError`, and no requirement brings it back, but for a few \
         that distributions of their own carry on. Build on an older Python, or change what imports it.";
    PROGRAM_NOT_IN_IMAGE = "program-not-in-image",
        "the code starts a program that no image has",
        "On a developer's machine somebody installed the program once. An image holds what its Dockerfile installs and nothing \
         else, and starting the program raises `FileNotFoundError`. Programs that djdock knows (ffmpeg, pandoc, tesseract and others) \
         are installed where the code starts them; of this one it knows no package. Install it in both Dockerfiles.";
    SYSTEM_PACKAGE_GONE = "system-package-gone",
        "a distribution needs a program that the image's Debian does not have",
        "The program was removed from this suite of Debian, so apt cannot install it. Build on an older suite, \
         or replace the distribution with one that needs no such program.";
}
