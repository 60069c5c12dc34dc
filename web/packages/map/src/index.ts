export { default as JwMap } from "./JwMap.vue";
export type * from "./types";
