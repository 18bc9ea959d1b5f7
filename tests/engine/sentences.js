// What the page says of an error, with all of its sentences known.
import { addLater, sentenceOf } from "../../webapp/page/text.js";

await addLater();
export { sentenceOf };
