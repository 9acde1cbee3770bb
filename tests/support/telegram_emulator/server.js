// telegram-test-api 4.2.1 on a free port of this machine, with what it answers differently from Telegram put right.
// Prints {"url": ...} when it listens; ends when its standard input is closed.
"use strict";
const express = require("express");
const json = express.response.json;
express.response.json = function (body) {
  if (body && body.ok && this.req.path.startsWith("/bot")) {
    const method = this.req.path.split("/").pop();
    if (body.result === null) body.result = true; // edits, deletions, answers to buttons
    if (method === "getMe") body.result.is_bot = true;
    if (method === "sendMessage") {
      body.result.date = Math.floor(body.result.date / 1000);
      delete body.result.link_preview_options; // it gives back what was asked, as text
    }
    if (method === "getUpdates") {
      for (const update of body.result) {
        if (update.callback_query) update.callback_query.chat_instance = "1";
      }
    }
  }
  return json.call(this, body);
};
const TelegramServer = require("telegram-test-api");
const emulator = new TelegramServer({ host: "127.0.0.1", storeTimeout: 3600 });
emulator.config.port = 0;
const addUserCallback = emulator.addUserCallback.bind(emulator);
emulator.addUserCallback = (query) => {
  const added = addUserCallback(query);
  emulator.messageId += 1; // else the message that answers it has its number, and deleting that deletes this
  return added;
};
emulator.start().then(() => {
  console.log(JSON.stringify({ url: `http://127.0.0.1:${emulator.server.address().port}` }));
});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
