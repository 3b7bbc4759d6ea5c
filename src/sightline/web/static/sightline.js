// Marks that scripts run, then starts GOV.UK Frontend's components. Every page works without it.
import { initAll } from "./build/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
