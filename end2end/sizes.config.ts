import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

// The pages of the inventory at a number of devices: `cargo xtask e2e --devices 0,1,50,100000`.
export default defineConfig(tests, { testDir: "./sizes", timeout: 900_000, retries: 0 });
