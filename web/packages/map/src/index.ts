export { FIRST_LAYERS, GROUND_LAYERS, readLayers, readView, sayView, type GroundLayer, type GroundView } from "./groundLayers";
export { default as JwGround } from "./JwGround.vue";
export { default as JwMap } from "./JwMap.vue";
export type * from "./types";
