/* Bytes and their texts; test_compared.py holds the canonical text beside the server's. */
import { equal, openTab, test } from "/harness.js";

test("the canonical text has sorted keys, no white space, and every value as JSON has it", async () => {
  const { canonical } = await (await openTab()).load("/tablet/bytes.js");
  equal(canonical({ b: [1, null, "é\n"], a: { d: true, c: {} } }), '{"a":{"c":{},"d":true},"b":[1,null,"é\\n"]}');
});

test("a payload's hash is that of all the rest", async () => {
  const { payloadHash, digest } = await (await openTab()).load("/tablet/bytes.js");
  equal(await payloadHash({ hash: "anything", a: 1 }), await digest('{"a":1}'));
});

test("bytes come out of texts and hexadecimals as they went in", async () => {
  const { fromBase64, toHex, toBytes, toText } = await (await openTab()).load("/tablet/bytes.js");
  equal(toHex(fromBase64("AP8Q")), "00ff10");
  equal(toText(toBytes("é😀")), "é😀");
});
