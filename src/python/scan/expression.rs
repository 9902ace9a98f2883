//! An expression as far as a light look goes: text, names, calls and what joins them.

use ruff_python_ast::{Expr, FStringPart, InterpolatedStringElement, Keyword, Number, Operator};

/// Deeper than this nothing is looked at.
const DEEPEST: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    Str(String),
    Int(i64),
    Bool(bool),
    /// Dotted: `os.environ`.
    Name(String),
    /// An attribute of something that is no name: `Path(__file__).parent`.
    Attribute(Box<Expression>, String),
    /// A call: the callee, arguments by position, arguments by keyword.
    Call(Box<Expression>, Vec<Expression>, Vec<(String, Expression)>),
    /// `value[index]`.
    Item(Box<Expression>, Box<Expression>),
    List(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    /// Parts that are put together: f-strings, `+`, `%` and `/` on paths.
    Joined(Vec<Expression>),
    /// `a if test else b`, `a or b`: the first is what it is where nothing is set, as far as can be seen.
    Either(Vec<Expression>),
    Other,
}

impl Expression {
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The dotted name, where it is one.
    pub fn as_name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub fn items(&self) -> &[Expression] {
        if let Self::List(items) = self { items } else { &[] }
    }

    pub(super) fn of(expression: &Expr) -> Self {
        within(expression, DEEPEST)
    }
}

/// The dotted name of an expression; what a call returns stands as `()`.
pub(super) fn dotted(expression: &Expr) -> Option<String> {
    let mut parts = Vec::new();
    let mut here = expression;
    loop {
        match here {
            Expr::Attribute(attribute) => {
                parts.push(attribute.attr.as_str());
                here = &attribute.value;
            }
            Expr::Name(name) => {
                parts.push(name.id.as_str());
                break;
            }
            Expr::Call(_) => {
                parts.push("()");
                break;
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.join("."))
}

fn within(expression: &Expr, depth: usize) -> Expression {
    let Some(depth) = depth.checked_sub(1) else { return Expression::Other };
    let all = |items: &[Expr]| items.iter().map(|item| within(item, depth)).collect();
    match expression {
        Expr::StringLiteral(text) => Expression::Str(text.value.to_str().to_owned()),
        Expr::BooleanLiteral(literal) => Expression::Bool(literal.value),
        Expr::NumberLiteral(literal) => match &literal.value {
            Number::Int(number) => number.as_i64().map_or(Expression::Other, Expression::Int),
            _ => Expression::Other,
        },
        Expr::Name(_) | Expr::Attribute(_) => attribute(expression, depth),
        Expr::Call(call) => {
            let keyword =
                |keyword: &Keyword| Some((keyword.arg.as_ref()?.to_string(), within(&keyword.value, depth)));
            let keywords = call.arguments.keywords.iter().filter_map(keyword).collect();
            Expression::Call(Box::new(within(&call.func, depth)), all(&call.arguments.args), keywords)
        }
        Expr::Subscript(item) => {
            Expression::Item(Box::new(within(&item.value, depth)), Box::new(within(&item.slice, depth)))
        }
        Expr::List(list) => Expression::List(all(&list.elts)),
        Expr::Tuple(tuple) => Expression::List(all(&tuple.elts)),
        Expr::Set(set) => Expression::List(all(&set.elts)),
        Expr::Dict(dict) => {
            let entry = |key: &Expr, value: &Expr| (within(key, depth), within(value, depth));
            Expression::Dict(
                dict.items.iter().filter_map(|item| Some(entry(item.key.as_ref()?, &item.value))).collect(),
            )
        }
        Expr::FString(text) => joined_text(text, depth),
        Expr::BinOp(binary) if matches!(binary.op, Operator::Add | Operator::Div) => {
            Expression::Joined(vec![within(&binary.left, depth), within(&binary.right, depth)])
        }
        Expr::BinOp(binary) if matches!(binary.op, Operator::Mod) => formatted(binary, depth),
        Expr::BoolOp(either) => Expression::Either(all(&either.values)),
        // The test is most often "is this variable set", and by default it is not.
        Expr::If(either) => {
            Expression::Either(vec![within(&either.orelse, depth), within(&either.body, depth)])
        }
        Expr::Named(named) => within(&named.value, depth),
        Expr::Await(awaited) => within(&awaited.value, depth),
        Expr::Starred(starred) => within(&starred.value, depth),
        _ => Expression::Other,
    }
}

/// `"shop.settings.%s" % stage`
fn formatted(binary: &ruff_python_ast::ExprBinOp, depth: usize) -> Expression {
    let Expr::StringLiteral(format) = &*binary.left else { return Expression::Other };
    let values = match &*binary.right {
        Expr::Tuple(tuple) => tuple.elts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let text = format.value.to_str();
    if text.matches('%').count() != values.len() || text.matches("%s").count() != values.len() {
        return Expression::Other;
    }
    let mut parts = Vec::new();
    let mut values = values.iter();
    for literal in text.split("%s") {
        parts.push(Expression::Str(literal.to_owned()));
        parts.extend(values.next().map(|value| within(value, depth)));
    }
    Expression::Joined(parts)
}

fn attribute(expression: &Expr, depth: usize) -> Expression {
    match (dotted(expression), expression) {
        (Some(name), _) if !name.starts_with("()") => Expression::Name(name),
        (_, Expr::Attribute(attribute)) => {
            Expression::Attribute(Box::new(within(&attribute.value, depth)), attribute.attr.to_string())
        }
        _ => Expression::Other,
    }
}

fn joined_text(text: &ruff_python_ast::ExprFString, depth: usize) -> Expression {
    let mut parts = Vec::new();
    for part in &text.value {
        match part {
            FStringPart::Literal(literal) => parts.push(Expression::Str(literal.value.to_string())),
            FStringPart::FString(joined) => {
                parts.extend(joined.elements.iter().map(|element| match element {
                    InterpolatedStringElement::Literal(literal) => Expression::Str(literal.value.to_string()),
                    InterpolatedStringElement::Interpolation(value) => within(&value.expression, depth),
                }));
            }
        }
    }
    Expression::Joined(parts)
}
