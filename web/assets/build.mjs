// Builds web/static/dist: scripts and style sheets, each named for what it is, and a list of their
// hashes, which the templates put behind the names.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "dist");
const LIMITS = { js: 80 * 1024, css: 20 * 1024 };

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: {
    officer: join(here, "js", "main.js"),
    seammap: join(here, "js", "seammap.js"),
    "officer-style": join(here, "css", "officer.css"),
    noscript: join(here, "css", "noscript.css"),
    "rulebook-style": join(here, "css", "rulebook.css"),
    "seammap-style": join(here, "css", "seammap.css"),
    "desk-style": join(here, "css", "desk.css"),
  },
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2020", "chrome90", "safari15"],
  // Leaflet's own pictures are of markers and layers that this page draws itself
  external: ["*.png"],
  legalComments: "none",
  banner: { js: "/* Seamless, Apache-2.0; contains Leaflet, BSD-2-Clause */" },
  logLevel: "warning",
});

const assets = {};
for (const name of ["officer.js", "seammap.js", "seammap-style.css", "officer-style.css", "noscript.css", "rulebook-style.css", "desk-style.css"]) {
  const bytes = readFileSync(join(out, name));
  const size = gzipSync(bytes, { level: 9 }).length;
  const limit = LIMITS[name.split(".").pop()];
  if (size > limit) throw new Error(`${name}: ${size} bytes gzipped, at most ${limit} are allowed`);
  assets[name] = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  console.log(`${name.padEnd(18)} ${(size / 1024).toFixed(1).padStart(6)} KB gzipped`);
}
writeFileSync(join(out, "assets.json"), `${JSON.stringify(assets, null, 2)}\n`);
