"use strict";

// Entry of every npm command. Runs on a fresh clone, so it needs nothing but Node itself.
// It brings node_modules up to package-lock.json, then hands over to cli.ts in the same process.

const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const checkout = path.join(__dirname, "..");
const modules = path.join(checkout, "node_modules");
const stampFile = path.join(modules, ".steamline-installed");
const lockFile = path.join(checkout, ".steamline", "install.lock");

function fail(what, fix) {
  console.error(`error: ${what}`);
  console.error(`  do:    ${fix}`);
  process.exit(1);
}

function checkNode() {
  const wanted = [20, 18, 1];
  const found = process.versions.node.split(".").map(Number);
  const at = wanted.findIndex((part, i) => found[i] !== part);
  if (at === -1 || found[at] > wanted[at]) return;
  fail(
    `Node ${process.versions.node} is too old, ${wanted.join(".")} or newer is needed`,
    "install a current Node, and run the command again",
  );
}

/** Whether node_modules holds what package-lock.json names. npm writes its own record when it is done. */
function agrees(lockText) {
  try {
    const record = fs.readFileSync(path.join(modules, ".package-lock.json"), "utf8");
    const installed = JSON.parse(record).packages;
    return Object.entries(JSON.parse(lockText).packages).every(
      ([name, wanted]) =>
        name === "" ||
        !name.startsWith("node_modules/") ||
        wanted.optional ||
        wanted.devOptional ||
        (installed[name] !== undefined && installed[name].version === wanted.version),
    );
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Takes the right to install; false while another process that lives holds it. */
function takeLock() {
  fs.mkdirSync(path.dirname(lockFile), { recursive: true });
  const own = `${lockFile}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    // A link comes into being with its content, so nobody sees a lock without a holder.
    fs.linkSync(own, lockFile);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isAlive(holder())) fs.rmSync(lockFile, { force: true });
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/** Process id in the lock; that of this process where it has just been given back. */
function holder() {
  try {
    return Number(fs.readFileSync(lockFile, "utf8"));
  } catch {
    return process.pid;
  }
}

/** Says that something goes on: in place on a terminal, every 15 s in a log. */
function ticker(title) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const terminal = process.stderr.isTTY;
  if (!terminal) console.error(`${title} ...`);
  const timer = setInterval(
    () =>
      process.stderr.write(
        terminal ? `\r${title} ... ${seconds()} s` : `${title} ... ${seconds()} s\n`,
      ),
    terminal ? 1000 : 15000,
  );
  return () => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? "\r" : ""}${title}: done in ${seconds()} s\n`);
  };
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: checkout, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    child.once("error", (error) => resolve({ code: 1, said: String(error) }));
    child.once("close", (code) => resolve({ code, said }));
  });
}

async function install() {
  while (!takeLock()) await new Promise((resolve) => setTimeout(resolve, 500));
  // A Ctrl-C reaches npm as well: it stops first, and the next command begins afresh.
  let interrupted = false;
  const interrupt = () => (interrupted = true);
  process.on("SIGINT", interrupt);
  try {
    const text = fs.readFileSync(path.join(checkout, "package-lock.json"), "utf8");
    if (!agrees(text)) {
      const done = ticker("npm packages");
      const { code, said } = await run("npm", [
        "ci",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
      ]);
      done();
      if (interrupted) process.exit(130);
      if (code !== 0) {
        console.error(said.trimEnd());
        fail(
          "npm ci failed, as said above",
          "check that npm's registry can be reached, and run the command again",
        );
      }
    }
    fs.writeFileSync(stampFile, digest(text));
  } finally {
    process.off("SIGINT", interrupt);
    fs.rmSync(lockFile, { force: true });
  }
}

function digest(text) {
  return createHash("sha256").update(text).digest("hex");
}

function isInstalled() {
  try {
    const text = fs.readFileSync(path.join(checkout, "package-lock.json"), "utf8");
    return fs.readFileSync(stampFile, "utf8") === digest(text);
  } catch {
    return false;
  }
}

async function main() {
  checkNode();
  if (!isInstalled()) await install();
  // A reader that has seen enough, as `head`, is no failure: the rest goes nowhere.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => {
      if (error.code !== "EPIPE") throw error;
    });
  require(path.join(modules, "tsx", "dist", "cjs", "index.cjs"));
  process.exitCode = await require("./cli.ts").main(process.argv.slice(2));
}

void main();
