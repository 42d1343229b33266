// All texts of the page. {name} is what the gate was trained to recognise.
const texts = {
  en: {
    yes: "{name}", no: "not {name}", loading: "Loading … {percent}",
    question: "Is it {name}?", privacy: "Pictures never leave this device: the page can't send them, and works without a network.",
    openCamera: "Open the camera", choosePhoto: "Choose a photo", photo: "Photo", places: "Evidence", turn: "Switch", back: "Camera",
    isSubject: "But it is", isNotSubject: "But it isn’t", save: "Save {count} as .zip", saved: "Noted: {count}",
    gauge: "Similarity to {name}", gaugeValue: "{value}, accepted from {least}", strip: "Last photos",
    closer: "closer than {count} of 100", closest: "closer than all", farther: "farther than all", tooDark: "too dark to tell", tooBright: "too bright to tell", plain: "nothing to be seen",
    caption: "Blue + looks like {name}, orange − doesn't", drop: "Drop photos here", language: "Language", close: "Close",
    help: "How it works", helpGauge: "The gauge shows how similar the square is to {name}. From the tick at {least} on, the picture is accepted; the gate was set so that about {promise} of 100 photos of {name} are. Below it stands how many of these photos are less like {name} than the square.",
    helpPlaces: "Hold the picture, or press Evidence, to see which places speak for {name} and which against.",
    helpMistakes: "When the gate is wrong, press “But it is” or “But it isn’t”. The photos are collected and saved as a .zip with the folders “normal” and “negative”; train with them to make the gate better.",
    keys: "Keys: Space holds the evidence · Y and N note a mistake · P photo · C camera",
    noCamera: "There is no camera here. Choose a photo, or drop one on the page.", denied: "The camera isn't allowed for this page. Allow it in the browser's settings, or choose a photo.",
    insecure: "Browsers open the camera only on secure pages (https). Choose a photo instead.", broken: "The gate couldn't be loaded: {reason}", unreadable: "“{file}” is no picture that this browser reads.",
  },
  de: {
    yes: "{name}", no: "nicht {name}", loading: "Lädt … {percent}",
    question: "Ist das {name}?", privacy: "Bilder verlassen dieses Gerät nie: Die Seite kann sie nicht senden und läuft auch ohne Netz.",
    openCamera: "Kamera öffnen", choosePhoto: "Foto wählen", photo: "Foto", places: "Belege", turn: "Wechseln", back: "Kamera",
    isSubject: "Doch", isNotSubject: "Doch nicht", save: "{count} als .zip sichern", saved: "Notiert: {count}",
    gauge: "Ähnlichkeit mit {name}", gaugeValue: "{value}, angenommen ab {least}", strip: "Letzte Fotos",
    closer: "näher als {count} von 100", closest: "näher als alle", farther: "ferner als alle", tooDark: "zu dunkel", tooBright: "zu hell", plain: "nichts zu sehen",
    caption: "Blau + spricht für {name}, Orange − dagegen", drop: "Fotos hier ablegen", language: "Sprache", close: "Schließen",
    help: "So geht es", helpGauge: "Der Ring zeigt, wie ähnlich das Quadrat {name} ist. Ab der Marke bei {least} wird das Bild angenommen; eingestellt ist das so, dass es etwa {promise} von 100 Fotos von {name} sind. Darunter steht, wie viele dieser Fotos {name} weniger ähnlich sind als das Quadrat.",
    helpPlaces: "Bild gedrückt halten, oder auf Belege tippen: Dann zeigt sich, welche Stellen für {name} sprechen und welche dagegen.",
    helpMistakes: "Irrt sich das Tor, tippen Sie auf „Doch“ oder „Doch nicht“. Die Fotos werden gesammelt und als .zip mit den Ordnern „normal“ und „negative“ gesichert; ein Training damit macht das Tor besser.",
    keys: "Tasten: Leertaste zeigt die Belege · Y und N notieren einen Irrtum · P Foto · C Kamera",
    noCamera: "Hier gibt es keine Kamera. Wählen Sie ein Foto oder legen Sie eines auf der Seite ab.", denied: "Die Kamera ist dieser Seite nicht erlaubt. Erlauben Sie sie in den Einstellungen des Browsers, oder wählen Sie ein Foto.",
    insecure: "Browser öffnen die Kamera nur auf sicheren Seiten (https). Wählen Sie stattdessen ein Foto.", broken: "Das Tor ließ sich nicht laden: {reason}", unreadable: "„{file}“ ist kein Bild, das dieser Browser liest.",
  },
  ja: {
    yes: "{name}", no: "{name}ではない", loading: "読み込み中… {percent}",
    question: "これは{name}ですか？", privacy: "画像がこの端末の外に送られることはありません。ネットワークがなくても動きます。",
    openCamera: "カメラを開く", choosePhoto: "写真を選ぶ", photo: "写真", places: "根拠", turn: "切替", back: "カメラ",
    isSubject: "本当は{name}", isNotSubject: "本当は違う", save: "{count}枚を.zipで保存", saved: "記録：{count}枚",
    gauge: "{name}との類似度", gaugeValue: "{value}（{least}以上で合格）", strip: "最近の写真",
    closer: "100枚中{count}枚より近い", closest: "どの写真より近い", farther: "どの写真より遠い", tooDark: "暗すぎて判別不能", tooBright: "明るすぎて判別不能", plain: "何も写っていない",
    caption: "青＋は{name}らしい所、橙−はそうでない所", drop: "ここに写真をドロップ", language: "言語", close: "閉じる",
    help: "使い方", helpGauge: "リングは四角の中が{name}にどれだけ似ているかを示します。目盛り{least}以上で合格です。{name}の写真100枚のうち約{promise}枚が合格するように設定されています。その下は、これらの写真のうち四角の中より{name}らしくないものの枚数です。",
    helpPlaces: "画像を長押しするか「根拠」を押すと、どこが{name}らしく、どこがそうでないかが見えます。",
    helpMistakes: "判定が間違っていたら「本当は{name}」か「本当は違う」を押してください。写真は集められ、「normal」と「negative」のフォルダーに分けて.zipで保存できます。それで学習し直すと判定が良くなります。",
    keys: "キー：スペースで根拠を表示・Y／Nで間違いを記録・P 写真・C カメラ",
    noCamera: "カメラがありません。写真を選ぶか、ページにドロップしてください。", denied: "このページではカメラが許可されていません。ブラウザーの設定で許可するか、写真を選んでください。",
    insecure: "カメラは安全なページ（https）でのみ使えます。代わりに写真を選んでください。", broken: "読み込めませんでした：{reason}", unreadable: "「{file}」はこのブラウザーで読める画像ではありません。",
  },
};

const kept = "language";
const known = {};
let language = "en";

/** The languages of the reader, best first, that there are texts in; what was chosen by hand comes before all. */
export function preferredLanguage() {
  const wished = [remembered(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wished.find((tag) => tag in texts) ?? "en";
}

/** Puts all texts of the page into a language, and remembers it when it was chosen by hand. */
export function speak(chosen, byHand = false) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say(element.dataset.text);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  if (byHand) {
    try {
      localStorage.setItem(kept, chosen);
    } catch {
      // without storage the choice lasts as long as the page
    }
  }
}

/** What {name} and the like stand for, in all texts from now on. */
export const know = (values) => Object.assign(known, values);

/** A text, its gaps filled, its first letter large. */
export function say(key, values = {}) {
  const text = texts[language][key].replace(/\{(\w+)\}/g, (_, gap) => values[gap] ?? known[gap] ?? "");
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

function remembered() {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}
