import { projectRoot } from "../project/project-root.ts";
import { findViolations } from "./find-violations.ts";
import { rooms } from "./rooms.ts";

const texts = {
  circle: "These files import each other in a circle",
  import: "This import goes to a room that is not in the list",
};
const violations = await findViolations(projectRoot, rooms);
for (const { rule, path } of violations) console.error(`${texts[rule]} (scripts/house/rooms.ts): ${path.join(" -> ")}`);
if (violations.length > 0) process.exitCode = 1;
