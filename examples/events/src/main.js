import { createApp } from "vue";
import { loadConfig } from "./config.js";
import App from "./App.vue";
import NotConfigured from "./NotConfigured.vue";
import "./style.css";

const wanted = new URLSearchParams(location.search).get("from");
const app = await loadConfig(wanted).then(
  (config) => createApp(App, { config }),
  () => createApp(NotConfigured),
);
app.mount("#app");
