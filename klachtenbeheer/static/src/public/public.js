/**
 * What helps on the public pages where a browser runs scripts: the form in steps, a look at it all
 * before sending, how far files are, a voice recorded, typed text kept when somebody asks for it.
 *
 * Everything works without it: the server gets the same form and decides. It sets no cookie, asks
 * nobody but our own server, and keeps nothing on the device unless the box for that is ticked.
 */
(() => {
    "use strict";

    const STEPS = ["what", "who", "help", "send"];
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const one = (selector, root = document) => root.querySelector(selector);
    const column = one(".kb-page");

    const word = (name, ...values) => {
        const found = one(`.kb-words [data-word=${name}]`);
        const text = found ? found.textContent.replace(/\s+/g, " ").trim() : "";
        return values.reduce((said, value, place) => said.replace(`%${place + 1}`, value), text);
    };

    const say = (place, text) => {
        if (place) {
            place.textContent = text;
        }
    };

    // ------------------------------------------------------------ steps

    function makeSteps(form) {
        const sections = all(".kb-step", form);
        const buttons = all("[data-goto]", form);
        const getStep = (element) => element.closest(".kb-step")?.dataset.step;
        let now = "what";

        const show = (step) => {
            now = step;
            const place = STEPS.indexOf(step);
            sections.forEach((section) => {
                section.hidden = section.dataset.step !== step;
            });
            buttons.forEach((button) => {
                button.toggleAttribute("aria-current", button.dataset.goto === step);
                if (button.dataset.goto === step) {
                    button.setAttribute("aria-current", "step");
                }
                const before = STEPS.indexOf(button.dataset.goto) < place;
                button.parentElement.classList.toggle("kb-done", before);
            });
            const section = sections[place];
            one(".kb-intro").hidden = step !== "what";
            say(one(".kb-step-number", section), word("step", place + 1));
            if (step === "send") {
                fillCheck(form, open);
            }
            return section;
        };
        const open = (step) => {
            if (step !== now) {
                history.pushState({ step }, "");
            }
            const title = one("h2", show(step));
            title.focus({ preventScroll: true });
            title.scrollIntoView();
        };
        const move = (by) => open(STEPS[STEPS.indexOf(now) + by]);

        sections.forEach((section) => {
            const number = document.createElement("p");
            number.className = "kb-step-number";
            section.prepend(number);
        });
        form.addEventListener("click", (event) => {
            const button = event.target.closest("button");
            if (button?.dataset.goto) {
                open(button.dataset.goto);
            } else if (button?.dataset.next) {
                move(1);
            } else if (button?.dataset.back) {
                move(-1);
            }
        });
        // a sentence about a field leads to it, also in another step
        column.addEventListener("click", (event) => {
            const link = event.target.closest("a[href^='#kb-']");
            const target = link && document.getElementById(link.hash.slice(1));
            if (target && getStep(target)) {
                event.preventDefault();
                open(getStep(target));
                target.closest("details")?.setAttribute("open", "open");
                target.focus();
            }
        });
        // enter in a line goes on; only the last step sends
        form.addEventListener("keydown", (event) => {
            const isLine = event.target.matches("input:not([type=file])");
            if (event.key === "Enter" && isLine && now !== "send") {
                event.preventDefault();
                move(1);
            }
        });
        addEventListener("popstate", (event) => show(event.state?.step || "what"));
        one(".kb-steps", form).hidden = false;
        const wrong = one("[aria-invalid]", form);
        show(wrong ? getStep(wrong) : history.state?.step || "what");
        return { open };
    }

    // ------------------------------------------------------------ a look before sending

    function getAnswer(field) {
        if (field.matches("fieldset")) {
            const ticked = all("input:checked", field);
            return ticked
                .map((input) => one(`label[for='${input.id}']`, field).textContent.trim())
                .join("\n");
        }
        const entry = one("input:not([type=hidden]), select, textarea", field);
        if (!entry) {
            return "";
        }
        if (entry.type === "file") {
            return [...entry.files].map((file) => file.name).join("\n");
        }
        if (entry.type === "checkbox") {
            return entry.checked ? word("yes") : "";
        }
        return entry.tagName === "SELECT"
            ? (entry.selectedOptions[0]?.textContent.trim() ?? "")
            : entry.value.trim();
    }

    function getQuestion(field) {
        const label = one("legend", field) || one("label", field);
        return label ? label.textContent.replace(/\s+/g, " ").trim() : "";
    }

    function* getFields(form) {
        const fields = all(".kb-field, .kb-tick, .kb-touch, .kb-recorder", form);
        for (const field of fields) {
            const inside = field.parentElement.closest("fieldset.kb-field:not(.kb-voice)");
            const isAside = field.closest(".kb-save, details:not([open])");
            if (!inside && !isAside && !field.matches(".kb-voice")) {
                yield field;
            }
        }
    }

    function fillCheck(form, open) {
        const list = one(".kb-check dl", form);
        list.replaceChildren();
        const add = (question, answer, step, isWrong) => {
            const title = document.createElement("dt");
            const value = document.createElement("dd");
            const button = document.createElement("button");
            title.textContent = question;
            value.className = isWrong ? "kb-lines kb-wrong" : "kb-lines";
            value.dir = "auto";
            value.textContent = answer;
            button.type = "button";
            button.className = "kb-plain";
            button.textContent = word("change");
            button.setAttribute("aria-label", `${word("change")}: ${question}`);
            button.addEventListener("click", () => open(step));
            value.append(document.createElement("br"), button);
            list.append(title, value);
        };
        const story = one("[name=description]", form);
        const hasFiles = getFiles(form).length || one("[name=keep]:checked", form);
        for (const field of getFields(form)) {
            const step = field.closest(".kb-step")?.dataset.step;
            const isStory = field.contains(story);
            const answer = field.matches(".kb-recorder")
                ? [...one("input", field).files].map((file) => file.name).join()
                : getAnswer(field);
            const question = field.matches(".kb-recorder")
                ? one("[data-record=record]", field).textContent.trim()
                : getQuestion(field);
            if (isStory && !answer) {
                add(question, word(hasFiles ? "empty" : "needed"), step, !hasFiles);
            } else if (answer) {
                add(question, answer, step);
            }
        }
        one(".kb-check", form).hidden = false;
    }

    // ------------------------------------------------------------ kept when asked for

    function makeSaving(form) {
        const box = one("#kb-save", form);
        const name = `klacht.${form.dataset.steps}`;
        const hidden = ["token", "lang", "embed", "homepage", "email_sure", "rep_email_sure"];
        const forget = () => {
            try {
                localStorage.removeItem(name);
            } catch {
                // a browser that keeps nothing has nothing to forget
            }
        };
        const save = () => {
            const data = [...new FormData(form)].filter(
                ([key, value]) => typeof value === "string" && !hidden.includes(key),
            );
            localStorage.setItem(name, JSON.stringify(data));
        };
        const restore = () => {
            const data = JSON.parse(localStorage.getItem(name) || "null");
            if (!data) {
                return;
            }
            box.checked = true;
            if (one("#kb-message")) {
                return; // the server sent back what was typed last
            }
            for (const [key, value] of data) {
                const entries = all(`[name="${CSS.escape(key)}"]`, form);
                entries.forEach((entry) => {
                    if (entry.matches("[type=radio], [type=checkbox]")) {
                        entry.checked = entry.checked || entry.value === value;
                    } else if (entry.type !== "file" && !entry.value) {
                        entry.value = value;
                    }
                });
            }
            one(".kb-restored", form).hidden = false;
        };
        if (!box) {
            return;
        }
        try {
            restore();
        } catch {
            box.closest(".kb-save").hidden = true;
            return;
        }
        box.addEventListener("change", () => (box.checked ? save() : forget()));
        form.addEventListener("input", () => box.checked && save());
        one("[data-forget]", form).addEventListener("click", () => {
            forget();
            box.checked = false;
            form.reset();
            one(".kb-restored", form).hidden = true;
        });
    }

    /** What was kept goes when it was sent. */
    function forgetSent() {
        if (!one(".kb-reference")) {
            return;
        }
        try {
            const code = location.pathname.split("/").pop();
            localStorage.removeItem(`klacht.${code}`);
        } catch {
            // nothing was kept
        }
    }

    // ------------------------------------------------------------ files first, then the rest

    const getFiles = (form) => all("input[type=file]", form).flatMap((input) => [...input.files]);

    /** Send the files alone, and put what the server says of them in their place. */
    function sendFiles(form, button, tell) {
        const data = new FormData(form);
        data.set("draft", "1");
        if (button?.name) {
            data.set(button.name, button.value); // the server asks what was pressed
        }
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.responseType = "document";
            request.open("POST", form.action.split("#")[0]);
            request.upload.addEventListener("progress", (event) => {
                if (event.lengthComputable) {
                    tell(word("uploading", Math.floor((100 * event.loaded) / event.total)));
                }
            });
            request.addEventListener("load", () => resolve(request.response));
            request.addEventListener("error", reject);
            request.addEventListener("abort", reject);
            request.send(data);
        });
    }

    function takeOver(form, answer) {
        const fresh = answer && one(".kb-files", answer);
        if (!fresh) {
            return false;
        }
        all("input[type=file]", form).forEach((input) => {
            input.value = "";
        });
        one("[name=token]", form).value = one("[name=token]", answer).value;
        one(".kb-files", form).replaceWith(document.adoptNode(fresh));
        return !one("#kb-files-error", form) && !one("#kb-message", answer);
    }

    function makeSending(form, steps) {
        const progress = one(".kb-sending", form) || one(".kb-progress-files", form);
        let isBusy = false;
        let isReady = false;

        form.addEventListener("submit", async (event) => {
            const button = event.submitter;
            if (isReady || !getFiles(form).length) {
                say(progress, word("sending"));
                return;
            }
            event.preventDefault();
            if (isBusy) {
                return;
            }
            isBusy = true;
            say(progress, word("uploading", 0));
            try {
                const answer = await sendFiles(form, button, (text) => say(progress, text));
                isReady = takeOver(form, answer);
                if (!isReady) {
                    showProblems(form, answer, steps);
                }
            } catch {
                say(progress, word("offline"));
            }
            isBusy = false;
            if (isReady) {
                form.requestSubmit(button);
            }
        });
        addEventListener("pageshow", () => {
            isReady = false;
            say(progress, "");
        });
    }

    function showProblems(form, answer, steps) {
        const fresh = answer && one("#kb-message", answer);
        one("#kb-message")?.remove();
        say(one(".kb-sending", form), "");
        if (fresh) {
            form.before(document.adoptNode(fresh));
            fresh.focus();
        } else {
            steps?.open("what");
            one("#kb-files", form).focus();
        }
    }

    /** What was typed goes along into another language. */
    function makeLanguages(form) {
        all(".kb-languages a").forEach((link) =>
            link.addEventListener("click", (event) => {
                event.preventDefault();
                const draft = document.createElement("input");
                Object.assign(draft, { type: "hidden", name: "draft", value: "1" });
                form.append(draft);
                one("[name=lang]", form).value = new URL(link.href).searchParams.get("lang");
                form.action = form.action.split("#")[0];
                form.submit();
            }),
        );
    }

    // ------------------------------------------------------------ a voice

    const TYPES = {
        "audio/webm": "webm",
        "audio/mp4": "m4a",
        "audio/ogg": "ogg",
    };

    function makeRecorder(place) {
        const type = Object.keys(TYPES).find((found) => MediaRecorder.isTypeSupported(found));
        const status = one(".kb-recorded", place);
        const input = one("input", place);
        const buttons = Object.fromEntries(
            all("[data-record]", place).map((button) => [button.dataset.record, button]),
        );
        let recorder = null;
        if (!type) {
            return;
        }
        const show = (...names) =>
            Object.entries(buttons).forEach(([name, button]) => {
                button.hidden = !names.includes(name);
            });
        const keep = (parts) => {
            const blob = new Blob(parts, { type });
            const files = new DataTransfer();
            files.items.add(new File([blob], `${word("recording_name")}.${TYPES[type]}`, { type }));
            input.files = files.files;
            const player = document.createElement("audio");
            player.controls = true;
            player.src = URL.createObjectURL(blob);
            say(status, word("recorded"));
            status.append(document.createElement("br"), player);
            show("delete");
            buttons.delete.focus();
        };
        const start = async () => {
            const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
            const parts = [];
            // low enough for ten megabytes to hold twenty minutes
            recorder = new MediaRecorder(sound, { mimeType: type, audioBitsPerSecond: 48000 });
            recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
            recorder.addEventListener("stop", () => {
                sound.getTracks().forEach((track) => track.stop());
                keep(parts);
            });
            recorder.start();
            say(status, word("recording"));
            show("stop");
            buttons.stop.focus();
        };
        buttons.record.addEventListener("click", () =>
            start().catch(() => say(status, word("refused"))),
        );
        buttons.stop.addEventListener("click", () => recorder.stop());
        buttons.delete.addEventListener("click", () => {
            input.value = "";
            say(status, "");
            show("record");
            buttons.record.focus();
        });
        place.hidden = false;
        one(".kb-sound")?.setAttribute("hidden", "hidden");
    }

    // ------------------------------------------------------------ to keep

    function makeReceipt() {
        all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
        all("[data-copy]").forEach((button) =>
            button.addEventListener("click", async () => {
                await navigator.clipboard.writeText(button.dataset.copy);
                say(one(".kb-copied"), word("copied"));
            }),
        );
        if (!navigator.clipboard) {
            all("[data-copy]").forEach((button) => button.parentElement.remove());
        }
    }

    // ------------------------------------------------------------ begin

    all(".kb-scripted").forEach((part) => {
        part.hidden = false;
    });
    const form = one("form[data-upload]");
    if (form) {
        const steps = form.dataset.steps ? makeSteps(form) : null;
        makeSending(form, steps);
        if (steps) {
            makeSaving(form);
            makeLanguages(form);
        }
    }
    if (window.MediaRecorder && navigator.mediaDevices) {
        all(".kb-recorder").forEach(makeRecorder);
    }
    makeReceipt();
    forgetSent();
})();
