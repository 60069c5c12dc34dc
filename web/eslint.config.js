import { readdirSync } from "node:fs";
import js from "@eslint/js";
import globals from "globals";
import vue from "eslint-plugin-vue";
import a11y from "eslint-plugin-vuejs-accessibility";
import ts from "typescript-eslint";

const features = readdirSync(new URL("apps/desk/src/features", import.meta.url));

export default ts.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "**/*.gen.ts"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs["flat/recommended"],
  ...a11y.configs["flat/recommended"],
  {
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser, extraFileExtensions: [".vue"], sourceType: "module" } },
    rules: {
      "no-undef": "off", // the type checker knows
      "max-lines": ["error", { max: 400 }],
      "vue/multi-word-component-names": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/attributes-order": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/require-default-prop": "off",
      // Drop areas and delegated keys: each has a button or a field that does the same.
      "vuejs-accessibility/no-static-element-interactions": "off",
      "vuejs-accessibility/form-control-has-label": "off", // labels come from the form item or aria-label of the part
      "vuejs-accessibility/label-has-for": ["error", { required: { some: ["nesting", "id"] } }],
    },
  },
  { files: ["scripts/**", "*.config.*", "**/vite.config.ts"], languageOptions: { globals: { ...globals.node } } },
  // A feature imports packages and the app's own shell, never another feature.
  ...features.map((name) => ({
    files: [`apps/desk/src/features/${name}/**`],
    rules: { "no-restricted-imports": ["error", { patterns: [{ group: features.filter((f) => f !== name).map((f) => `**/features/${f}/**`).concat(features.filter((f) => f !== name).map((f) => `../${f}/**`)), message: "A feature never imports another feature." }] }] },
  })),
);
