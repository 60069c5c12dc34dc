// Fails when a language lacks a key that another has, when a key is used in code but not defined, or is defined and never used.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const walk = (dir) => readdirSync(dir).flatMap((name) => {
  const path = join(dir, name);
  if (name === "node_modules" || name === "dist") return [];
  return statSync(path).isDirectory() ? walk(path) : [path];
});
const flat = (tree, prefix = "") => Object.entries(tree).flatMap(([key, value]) => (typeof value === "string" ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`)));
const files = ["apps", "packages"].flatMap((part) => walk(join(root, part)));
const languages = { "zh-Hans": new Map(), en: new Map() };
for (const path of files) {
  const language = /locales\/(zh-Hans|en)\.json$/.exec(path)?.[1];
  if (language) for (const [key, value] of flat(JSON.parse(readFileSync(path, "utf8")))) languages[language].set(key, value);
}
const faults = [];
for (const [a, b] of [["zh-Hans", "en"], ["en", "zh-Hans"]])
  for (const key of languages[a].keys()) if (!languages[b].has(key)) faults.push(`${key}: in ${a}, missing in ${b}`);
for (const [language, messages] of Object.entries(languages))
  for (const [key, value] of messages) {
    if (!value.trim()) faults.push(`${key}: empty in ${language}`);
    const slots = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
    const other = languages[language === "en" ? "zh-Hans" : "en"].get(key);
    if (language === "en" && other !== undefined && new Set(slots(value).split(",")).symmetricDifference(new Set(slots(other).split(","))).size) faults.push(`${key}: the languages have different {slots}`);
  }
const used = new Set(), prefixes = new Set();
for (const path of files.filter((p) => /\.(vue|ts)$/.test(p) && !/\.(test|gen)\.ts$/.test(p))) {
  const source = readFileSync(path, "utf8");
  for (const [, key] of source.matchAll(/(?:\bt|\bsay|keypath=|labelKey:|titleKey:|i18nKey:)\s*\(?\s*["'`]([\w.-]+)["'`]/g)) used.add(key);
  for (const [, prefix] of source.matchAll(/\bt\(\s*`([\w.-]+\.)\$\{/g)) prefixes.add(prefix);
}
for (const key of used) if (!languages["zh-Hans"].has(key)) faults.push(`${key}: used in code, defined nowhere`);
for (const key of languages["zh-Hans"].keys()) if (!used.has(key) && ![...prefixes].some((p) => key.startsWith(p))) faults.push(`${key}: defined, never used`);
if (faults.length) { console.error(faults.join("\n")); console.error(`${faults.length} fault(s) in the words`); process.exit(1); }
console.log(`words: ${languages["zh-Hans"].size} keys in ${Object.keys(languages).length} languages, complete`);
