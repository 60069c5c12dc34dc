/** Apart from index.ts, so that an app has the words without loading the map. */
export { default as mapEn } from "./locales/en.json";
export { default as mapZh } from "./locales/zh-Hans.json";
