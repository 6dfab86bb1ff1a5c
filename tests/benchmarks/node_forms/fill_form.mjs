// Fills folder/form.pdf with folder/values.json as often as asked, and prints the times and sizes as JSON.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PDFDocument } from "pdf-lib";

const [folder, times] = [process.argv[2], Math.max(3, Number(process.argv[3]))];
const bytes = readFileSync(join(folder, "form.pdf"));
const values = JSON.parse(readFileSync(join(folder, "values.json"), "utf8"));

function setValues(document) {
  const form = document.getForm();
  for (const [name, value] of Object.entries(values)) {
    if (value === true) form.getCheckBox(name).check();
    else form.getTextField(name).setText(value);
  }
}

async function readEachTime() {
  const document = await PDFDocument.load(bytes);
  setValues(document);
  return document.save();
}

const kept = await PDFDocument.load(bytes);
async function fillAgain() {
  setValues(kept);
  return kept.save();
}

async function measure(way, fill) {
  const size = (await fill()).length;
  const start = performance.now();
  for (let round = 0; round < times; round += 1) await fill();
  return { way, milliseconds: (performance.now() - start) / times, size };
}

console.log(JSON.stringify([await measure("pdf-lib, clone", readEachTime), await measure("pdf-lib, reuse", fillAgain)]));
