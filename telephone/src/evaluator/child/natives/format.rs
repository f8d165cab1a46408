//! `format`, with the directives that do not loop.

use std::iter::Peekable;
use std::str::Chars;

use steel::{SteelErr, SteelVal};

use super::text::{prin1, princ};
use super::{Native, Outcome, at_least, numbers, string, text};
use crate::evaluator::child::condition::{error, type_error};
use crate::lisp::Form;

pub(super) const NATIVES: &[(&str, Native)] = &[("%format-string", format)];

/// No column is wider, and nothing is repeated more often.
const MAX_WIDTH: usize = 1000;

/// What stands between a tilde and a directive's letter.
#[derive(Clone, Copy)]
enum Parameter {
    Absent,
    Number(usize),
    Character(char),
}

struct Directive {
    letter: char,
    parameters: Vec<Parameter>,
}

/// `(%format-string control argument..)`.
fn format(arguments: &[SteelVal]) -> Outcome {
    let ([control], arguments) = at_least("format", arguments)?;
    let mut rest = arguments.iter();
    let mut out = String::new();
    let mut letters = text(control)?.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '~' {
            out.push(letter);
            continue;
        }
        let directive = Directive::read(&mut letters)?;
        match directive.letter {
            '%' => out.push_str(&"\n".repeat(directive.number(0, 1)?)),
            '~' => out.push_str(&"~".repeat(directive.number(0, 1)?)),
            '&' => fresh_line(&mut out, directive.number(0, 1)?),
            '\n' => {
                while letters.next_if(|next| *next != '\n' && next.is_whitespace()).is_some() {}
            }
            _ => match rest.next() {
                Some(argument) => out.push_str(&directive.printed(argument)?),
                None => return error("FORMAT-ERROR", "there are fewer arguments than directives"),
            },
        }
    }
    Ok(string(out))
}

/// A new line where the last has ended, and so many in all.
fn fresh_line(out: &mut String, count: usize) {
    let at_start = out.is_empty() || out.ends_with('\n');
    out.push_str(&"\n".repeat(count.saturating_sub(usize::from(at_start))));
}

impl Directive {
    fn read(letters: &mut Peekable<Chars<'_>>) -> Result<Self, SteelErr> {
        let mut parameters = Vec::new();
        loop {
            let parameter = match letters.peek() {
                Some('\'') => {
                    letters.next();
                    letters.next().map_or(Parameter::Absent, Parameter::Character)
                }
                Some(digit) if digit.is_ascii_digit() => number(letters)?,
                _ => Parameter::Absent,
            };
            parameters.push(parameter);
            if letters.next_if_eq(&',').is_none() {
                break;
            }
        }
        match letters.next() {
            Some(modifier @ (':' | '@' | '#' | 'v' | 'V' | '-' | '+')) => error(
                "FORMAT-ERROR",
                format!("{modifier} in a directive is not covered, only numbers and 'characters"),
            ),
            Some(letter) => Ok(Self { letter: letter.to_ascii_lowercase(), parameters }),
            None => error("FORMAT-ERROR", "the control string ends within a directive"),
        }
    }

    fn number(&self, at: usize, default: usize) -> Result<usize, SteelErr> {
        match self.parameters.get(at) {
            Some(Parameter::Number(number)) => Ok(*number),
            Some(Parameter::Character(_)) => {
                error("FORMAT-ERROR", format!("~{} wants a number here", self.letter))
            }
            Some(Parameter::Absent) | None => Ok(default),
        }
    }

    fn pad(&self, at: usize) -> Result<char, SteelErr> {
        match self.parameters.get(at) {
            Some(Parameter::Character(pad)) => Ok(*pad),
            Some(Parameter::Number(_)) => {
                error("FORMAT-ERROR", format!("~{} wants a 'character here", self.letter))
            }
            Some(Parameter::Absent) | None => Ok(' '),
        }
    }

    /// That no parameter is given but these, since the others would change what is printed.
    fn only(&self, covered: &[usize]) -> Result<(), SteelErr> {
        let given = |at: &usize| !matches!(self.parameters[*at], Parameter::Absent);
        match (0..self.parameters.len()).filter(given).find(|at| !covered.contains(at)) {
            Some(at) => error(
                "FORMAT-ERROR",
                format!("parameter {} of ~{} is not covered", at + 1, self.letter),
            ),
            None => Ok(()),
        }
    }

    fn printed(&self, argument: &SteelVal) -> Result<String, SteelErr> {
        let width = self.number(0, 0)?;
        match self.letter {
            'a' | 's' => {
                self.only(&[0, 3])?;
                let printed = if self.letter == 'a' { princ(argument)? } else { prin1(argument)? };
                let gap = gap(&printed, width, self.pad(3)?);
                Ok(printed + &gap)
            }
            'd' => {
                self.only(&[0, 1])?;
                let printed = princ(argument)?;
                let integer = numbers::is_integer(argument);
                let gap = gap(&printed, if integer { width } else { 0 }, self.pad(1)?);
                Ok(gap + &printed)
            }
            'f' => {
                self.only(&[0, 1])?;
                let printed = self.fixed(argument, width)?;
                Ok(gap(&printed, width, ' ') + &printed)
            }
            'w' | 'c' => {
                self.only(&[])?;
                if self.letter == 'w' { prin1(argument) } else { princ(argument) }
            }
            other => error("FORMAT-ERROR", format!("the directive ~{other} is not covered")),
        }
    }

    /// A number with so many decimals, without the zero before the point where there is no room.
    fn fixed(&self, argument: &SteelVal, width: usize) -> Result<String, SteelErr> {
        let Some(float) = numbers::float(argument) else {
            return type_error("a real number", argument);
        };
        let printed = match self.parameters.get(1) {
            Some(Parameter::Number(decimals)) => format!("{float:.decimals$}"),
            _ => Form::Float(float).to_string(),
        };
        let digits = printed.strip_prefix('-').unwrap_or(&printed);
        let wide = width > 0 && printed.len() > width;
        match digits.strip_prefix('0').filter(|rest| wide && rest.len() > 1) {
            Some(rest) if printed.starts_with('-') => Ok(format!("-{rest}")),
            Some(rest) => Ok(rest.to_owned()),
            None => Ok(printed),
        }
    }
}

fn number(letters: &mut Peekable<Chars<'_>>) -> Result<Parameter, SteelErr> {
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    match digits.parse() {
        Ok(number) if number <= MAX_WIDTH => Ok(Parameter::Number(number)),
        _ => error("FORMAT-ERROR", format!("{digits} in a directive is more than {MAX_WIDTH}")),
    }
}

/// What is missing to the width.
fn gap(printed: &str, width: usize, pad: char) -> String {
    let missing = width.saturating_sub(printed.chars().count());
    std::iter::repeat_n(pad, missing).collect()
}
