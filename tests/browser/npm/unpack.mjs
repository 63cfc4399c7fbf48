// Unpacks the packaged browser into the temporary folder that the environment names, with the libraries it needs.
import chromium from "@sparticuz/chromium";

console.log(await chromium.executablePath());
