const NARROW = /[ijlItf.,:;'|!()[\]{} \-/]/u
const WIDE = /[mwMW%@—…]/u
const UPPER = /[A-Z]/u
const FULL_WIDTH =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3001-\u301F\uFF01-\uFF60]/u

/** About how many pixels a text takes in a sans-serif face; the face that a reader has is not known here. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0
  for (const letter of text) {
    if (FULL_WIDTH.test(letter)) em += 1
    else if (WIDE.test(letter)) em += 0.9
    else if (UPPER.test(letter)) em += 0.7
    else em += NARROW.test(letter) ? 0.36 : 0.6
  }
  return em * fontSize
}
