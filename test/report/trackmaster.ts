import type { AuditDocument, DeclaredRow, Finding } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  parsePackages,
} from './documents.ts';

/** What `trackmaster` of the examples resolved to in November 2026 for CPython 3.11 on Linux x86_64, measured. */
const MEASURED = `
annotated-types 0.8.0 36347 13427 < pydantic
anyio 3.7.1 295907 80896 < fastapi starlette watchfiles
audioread 3.1.0 59201 23143 < librosa
certifi 2026.10.18 242834 134093 < requests
cffi 2.1.1 718809 217807 < soundfile
charset-normalizer 3.5.2 782449 269972 < requests
click 8.5.1 449840 126163 < uvicorn
cloudpickle 3.1.2 68989 22228 < joblib
decorator 5.3.1 26196 10365 < librosa
fastapi 0.104.1 666809 92862
filelock 4.2.11 1102193 222003 < torch triton
fsspec 2026.9.0 810582 221738 < torch
h11 0.16.0 103935 37515 < uvicorn
httptools 0.9.0 1649664 499139 < uvicorn
idna 3.20 342091 69583 < anyio requests
iniconfig 2.3.1 18519 7484 < pytest
jinja2 3.1.6 496892 134899 < torch
joblib 1.6.0 921902 306115 < librosa scikit-learn
lazy-loader 0.6 21263 8791 < librosa
librosa 0.10.1 972694 253710
llvmlite 0.50.0 179332266 59696588 < numba
markupsafe 3.0.4 67158 22961 < jinja2
mpmath 1.3.0 1950197 536198 < sympy
msgpack 1.2.4 1675284 480247 < librosa
narwhals 2.28.0 2079651 490591 < scikit-learn
networkx 3.6.1 7038619 2068504 < torch
numba 0.68.1 15570151 3836514 < librosa
numpy 1.24.3 60686385 17278482 < librosa numba scikit-learn scipy soxr
nvidia-cublas-cu12 12.1.3.1 623922568 410594774 < nvidia-cudnn-cu12 nvidia-cusolver-cu12 torch
nvidia-cuda-cupti-cu12 12.1.105 45439517 14109015 < torch
nvidia-cuda-nvrtc-cu12 12.1.105 63813767 23671734 < torch
nvidia-cuda-runtime-cu12 12.1.105 4172279 823596 < torch
nvidia-cudnn-cu12 8.9.2.26 1183524889 731725872 < torch
nvidia-cufft-cu12 11.0.2.54 194437563 121635161 < torch
nvidia-curand-cu12 10.3.2.106 98849350 56467784 < torch
nvidia-cusolver-cu12 11.4.5.107 194560035 124161928 < torch
nvidia-cusparse-cu12 12.1.0.106 265228584 195958278 < nvidia-cusolver-cu12 torch
nvidia-nccl-cu12 2.18.1 279491477 209797524 < torch
nvidia-nvjitlink-cu12 12.9.86 96014630 39748338 < nvidia-cusolver-cu12 nvidia-cusparse-cu12
nvidia-nvtx-cu12 12.1.105 416592 99138 < torch
packaging 26.3 499179 129956 < lazy-loader pooch pytest
platformdirs 4.14.5 163171 35402 < pooch
pluggy 1.7.0 82273 20538 < pytest
pooch 1.9.0 321486 67175 < librosa
pycparser 3.12 262110 62600 < cffi
pydantic 2.5.0 1608727 407491 < fastapi
pydantic-core 2.14.1 5357430 2050704 < pydantic
pytest 7.4.3 1125092 325081
python-dotenv 1.2.4 65897 23266 < uvicorn
pyyaml 6.0.3 2874560 806638 < uvicorn
requests 2.34.2 234397 73075 < pooch
scikit-learn 1.9.1 31454561 9315422 < librosa
scipy 1.11.4 110973460 36402732 < librosa scikit-learn
sniffio 1.3.1 22921 10235 < anyio
soundfile 0.12.1 3638978 1257765 < librosa
soxr 1.1.0 560878 245268 < librosa
starlette 0.27.0 239662 66978 < fastapi
sympy 1.14.0 26841861 6299353 < torch
threadpoolctl 3.8.0 113744 32091 < scikit-learn
torch 2.1.0 1400119075 670193698 < torchaudio
torchaudio 2.1.0 12472285 3265605
triton 2.1.0 288699735 89234153 < torch
typing-extensions 4.16.0 182767 45571 < fastapi librosa pydantic pydantic-core torch
urllib3 2.8.0 450461 135717 < requests
uvicorn 0.24.0 190921 59609
uvloop 0.23.0 14043889 3956355 < uvicorn
watchfiles 1.3.0 1248902 458353 < uvicorn
websockets 17.4 835872 226041 < uvicorn
`;

const LINES: readonly (readonly [string, number, string, number])[] = [
  ['fastapi', 3, 'app/main.py', 1],
  ['uvicorn', 4, 'Dockerfile', 31],
  ['librosa', 7, 'app/main.py', 3],
  ['soundfile', 8, 'app/main.py', 4],
  ['numpy', 9, 'app/main.py', 2],
  ['scipy', 10, 'app/main.py', 5],
];

/** The project of the mock-ups: torch and torchaudio unused, pytest in the wrong file. */
export function createTrackmaster(): AuditDocument {
  const direct = [...LINES.map(([name]) => name), 'torch', 'torchaudio', 'pytest'];
  const packages = attribute(parsePackages(MEASURED), direct).map((row) => ({
    ...row,
    modules: row.name === 'torch' ? ['functorch', 'torch', 'torchgen'] : row.modules,
    declaredAt: declared
      .filter(({ name }) => name === row.name)
      .map(({ path, line, column }) => ({ path, line, column })),
  }));
  return createDocument({
    project: 'trackmaster',
    packages,
    declared,
    findings: [unusedTorch(packages), movePytest(packages)],
    target: { ...createDocument().target, from: 'Dockerfile:1' },
  });
}

const declared: readonly DeclaredRow[] = [
  ...LINES.map(([name, line, path, at]) =>
    createDeclared({
      name,
      line,
      evidence: [{ path, line: at, note: path === 'Dockerfile' ? 'CMD' : `import ${name}` }],
    }),
  ),
  createDeclared({ name: 'torch', raw: 'torch==2.1.0', line: 12, verdict: 'unused', evidence: [] }),
  createDeclared({
    name: 'torchaudio',
    raw: 'torchaudio==2.1.0',
    line: 13,
    verdict: 'unused',
    evidence: [],
  }),
  createDeclared({
    name: 'pytest',
    raw: 'pytest==7.4.3',
    line: 16,
    verdict: 'dev-only',
    evidence: [{ path: 'tests/test_main.py', line: 1, note: 'import pytest' }],
  }),
];

function unusedTorch(packages: AuditDocument['packages']): Finding {
  const stays = new Set(['fastapi', 'uvicorn', 'librosa', 'soundfile', 'numpy', 'scipy', 'pytest']);
  for (const name of stays) {
    for (const row of packages) if (row.requiredBy.includes(name)) stays.add(row.name);
  }
  const gone = packages.filter((row) => !stays.has(row.name));
  return createFinding({
    packages: ['torch', 'torchaudio'],
    leaves: gone.map((row) => row.name).filter((name) => name !== 'torch' && name !== 'torchaudio'),
    message: 'torch and torchaudio are declared, but nothing imports them',
    locations: [
      { path: 'requirements.txt', line: 12, column: 1 },
      { path: 'requirements.txt', line: 13, column: 1 },
    ],
    savedInstalledBytes: gone.map((row) => row.installedBytes ?? 0).reduce((a, b) => a + b, 0),
    savedDownloadBytes: gone.map((row) => row.downloadBytes ?? 0).reduce((a, b) => a + b, 0),
  });
}

function movePytest(packages: AuditDocument['packages']): Finding {
  const pytest = packages.find((row) => row.name === 'pytest');
  return createFinding({
    code: 'DW102',
    rule: 'dev-only',
    packages: ['pytest'],
    leaves: ['iniconfig', 'pluggy'],
    message: 'pytest is only needed for tests',
    locations: [{ path: 'requirements.txt', line: 16, column: 1 }],
    evidence: [{ path: 'tests/test_main.py', line: 1, note: 'import pytest' }],
    savedInstalledBytes: pytest?.exclusiveBytes ?? null,
    savedDownloadBytes: 353_103,
    remedy: { kind: 'move', text: 'move it to requirements-dev.txt' },
  });
}
