// node fill.mjs LIBRARY LETTER.docx WORDS.jsonl FOLDER: fills one letter a line, writes each to FOLDER and
// prints letters a second, after ten letters to warm up.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [library, letter, lines, folder] = process.argv.slice(2);
const content = readFileSync(letter);
const cohort = readFileSync(lines, "utf8").split("\n").map((line) => JSON.parse(line));

const libraries = {
  docxtemplater: async () => {
    const { default: Docxtemplater } = await import("docxtemplater");
    const { default: PizZip } = await import("pizzip");
    return async (words) => {
      const document = new Docxtemplater(new PizZip(content), { paragraphLoop: true, linebreaks: true });
      document.render(words);
      return document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" });
    };
  },
  "easy-template-x": async () => {
    const { TemplateHandler } = await import("easy-template-x");
    const handler = new TemplateHandler();
    return async (words) => handler.process(content, words);
  },
};

const fill = await libraries[library]();
for (const words of cohort.slice(0, 10)) await fill(words);
const started = performance.now();
for (const [number, words] of cohort.entries()) {
  writeFileSync(join(folder, `${number}.docx`), await fill(words));
}
console.log((cohort.length / (performance.now() - started)) * 1000);
