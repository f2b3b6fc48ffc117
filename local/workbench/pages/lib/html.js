// The one library of the pages, so that its version stands in one place.
export { html, render, useEffect, useMemo, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
