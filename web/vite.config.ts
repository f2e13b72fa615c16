import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";

/** Where `npm run dev` finds the API; RAPPORT_URL names another place. */
const { RAPPORT_URL: door = "http://127.0.0.1:8000" } = loadEnv("", ".", "RAPPORT_");

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../graphql_api/static",
    emptyOutDir: true,
    manifest: true,
    // A data: address would have to be allowed by the policy; a file of ours need not.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/graphql": { target: door, ws: true },
      "/sign-out": door,
    },
  },
});
