import { whenServerTells } from "@jingwei/api";
import { setServerTime } from "@jingwei/ui";
import { VueQueryPlugin } from "@tanstack/vue-query";
import "element-plus/theme-chalk/base.css";
import "element-plus/theme-chalk/dark/css-vars.css";
import "@jingwei/ui/tokens.css";
import { createApp } from "vue";
import App from "./App.vue";
import { i18n } from "./i18n";
import { queryClient } from "./query";
import { router } from "./router";
import { forgetOldDrafts } from "./shell/drafts";

whenServerTells(setServerTime);
forgetOldDrafts();
createApp(App).use(i18n).use(VueQueryPlugin, { queryClient }).use(router).mount("#app");
