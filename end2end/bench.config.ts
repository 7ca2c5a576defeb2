import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

// Prints figures and judges none: `cargo xtask bench dropdown`.
export default defineConfig(tests, { testDir: "./bench", timeout: 600_000, retries: 0 });
