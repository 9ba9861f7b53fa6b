// What makes the console quick. Every page works without it: links lead and forms are sent just the same.
import { listenForKeys } from "./keys.js";
import { preparePalette } from "./palette.js";
import { keepDrafts } from "./drafts.js";
import { sendOnce } from "./once.js";
import { switchTheme } from "./theme.js";

const openPalette = preparePalette();
listenForKeys(openPalette);
keepDrafts();
sendOnce();
switchTheme();
