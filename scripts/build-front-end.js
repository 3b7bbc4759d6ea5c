// Builds src/sightline/web/static/build/ from the project's styles and the installed GOV.UK Frontend.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const assets = join(root, "src/sightline/web/assets");
const build = join(root, "src/sightline/web/static/build");

const { css } = compile(join(assets, "sightline.scss"), {
  loadPaths: [modules],
  quietDeps: true,
  style: "compressed",
});
for (const unwanted of ["GDS Transport", "url("]) {
  if (css.includes(unwanted)) {
    throw new Error(`The styles contain ${unwanted}, which they must not.`);
  }
}

// Its source map is not shipped, so the script must not point to it.
const script = readFileSync(join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");

rmSync(build, { recursive: true, force: true });
mkdirSync(build, { recursive: true });
writeFileSync(join(build, "sightline.css"), css);
writeFileSync(join(build, "govuk-frontend.min.js"), script.replace(/\/\/# sourceMappingURL=\S+\s*$/, ""));
