// The form by which an applicant registers.
import { drive, showDone, wantCaptcha } from "./forms.js";

await wantCaptcha();
drive("register", "RegisterInput", showDone);
