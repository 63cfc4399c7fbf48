// The form behind a mailed reset link: the link's token goes into the form and out of the address.
import { drive, showDone } from "./forms.js";

document.getElementById("token").value = new URLSearchParams(location.search).get("token") || "";
history.replaceState(null, "", location.pathname);
drive("resetPassword", "ResetPasswordInput", showDone);
