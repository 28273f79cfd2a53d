// Starts the site: the routes, and nothing more.

import { start } from "./router.js";
import campaigns from "./views/campaigns.js";
import content from "./views/content.js";
import front from "./views/front.js";
import { all, author, section, tag } from "./views/lists.js";
import newsletters from "./views/newsletters.js";
import preview from "./views/preview.js";

// The first pattern that matches wins. Everything else below a language is content: the API resolves its path.
start([
  { name: "preview", pattern: /^\/preview\/(?:([^/]+)\/)?$/, params: ["token"], view: preview },
  { name: "front", pattern: /^\/$/, view: front },
  { name: "all", pattern: /^\/all\/$/, view: all },
  { name: "section", pattern: /^\/section\/([^/]+)\/$/, params: ["slug"], view: section },
  { name: "author", pattern: /^\/author\/([^/]+)\/$/, params: ["slug"], view: author },
  { name: "tag", pattern: /^\/tag\/([^/]+)\/$/, params: ["slug"], view: tag },
  { name: "campaigns", pattern: /^\/campaigns\/$/, view: campaigns },
  { name: "newsletters", pattern: /^\/newsletters\/$/, view: newsletters },
  { name: "content", pattern: /^\/.+\/$/, view: content },
]);
