// The form that has a reset link mailed; its answer is the same whether or not there is such an account.
import { drive, showDone } from "./forms.js";

drive("requestPasswordReset", "RequestPasswordResetInput", showDone);
