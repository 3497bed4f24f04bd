//! Answers what a client asks: one [`Server`] for each session, all at the same desk.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CustomRequest, CustomResult, ErrorCode,
    ErrorData, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, ServerCapabilities, ServerConfig,
    Tool as Definition,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{RoleServer, ServerHandler};

use crate::mcp::answer::{answer, value};
use crate::mcp::child::run;
use crate::mcp::desk::Desk;
use crate::mcp::error::ToolError;
use crate::mcp::limits::{Limit, Limits};
use crate::mcp::prompts;
use crate::mcp::resources;
use crate::mcp::roots::Roots;
use crate::mcp::tools::Tool;

/// What an agent should know before it calls anything.
const INSTRUCTIONS: &str = "skillcrawl turns documentation sites into Agent Skills. For a new site call generate_config, \
     estimate_pages, scrape_docs and package_skill, in this order; paths such as configs/NAME.json and output/NAME/ are \
     relative to the working folder. Long calls report progress in pages, can be cancelled, and go on where they were \
     when called again. Built skills are resources (skill://NAME/SKILL.md); search_skill finds the section to read.";

/// One session.
#[derive(Clone, Debug)]
pub struct Server {
    desk: Arc<Desk>,
    limits: Limits,
}

impl Server {
    /// A session at a desk.
    pub fn new(desk: Arc<Desk>) -> Self {
        let limits = Limits::new(Arc::clone(&desk));
        Self { desk, limits }
    }

    async fn call(
        &self,
        request: CallToolRequestParams,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let tool = self.tool(&request.name).ok_or_else(|| {
            let message =
                format!("there is no tool `{}`; tools/list names those that there are", request.name);
            ErrorData::invalid_params(message, None)
        })?;
        let roots = match self.limits.of(request.input_responses.as_ref(), context).await? {
            Limit::Known(roots) => roots,
            Limit::Asked(question) => return Ok(question.into()),
        };
        let result = self.carry_out(tool, request, &roots, context).await;
        Ok(result.unwrap_or_else(ToolError::into_result).into())
    }

    async fn carry_out(
        &self,
        tool: &Tool,
        request: CallToolRequestParams,
        roots: &Roots,
        context: &RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ToolError> {
        let plan = tool.plan(request.arguments, roots)?;
        if let Some((words, key)) = &plan.rehearsal {
            let ended = run(&self.desk, (words, roots.base(), plan.weight), context).await?;
            let told = value(&ended)?;
            let place = told.get(*key).and_then(serde_json::Value::as_str);
            roots.place(place.ok_or_else(|| ToolError::new("the command does not say where it writes"))?)?;
        }
        let ended = run(&self.desk, (&plan.words, roots.base(), plan.weight), context).await?;
        answer(&ended, &plan.shape)
    }

    fn tool(&self, name: &str) -> Option<&Tool> {
        self.desk.tools.iter().find(|tool| tool.definition.name == name)
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities =
            ServerCapabilities::builder().enable_tools().enable_prompts().enable_resources().build();
        let implementation =
            Implementation::new("skillcrawl", env!("CARGO_PKG_VERSION")).with_title("skillcrawl");
        ServerConfig::new(capabilities).with_server_info(implementation).with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self.desk.tools.iter().map(|tool| tool.definition.clone()).collect();
        Ok(ListToolsResult::with_all_items(tools))
    }

    fn get_tool(&self, name: &str) -> Option<Definition> {
        self.tool(name).map(|tool| tool.definition.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.call(request, &context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        // A list cannot be held up by a question; what is in it is read only within the roots.
        let roots = match self.limits.of(None, &context).await? {
            Limit::Known(roots) => roots,
            Limit::Asked(_) => Arc::new(Roots::working_folder(&self.desk.folder)),
        };
        let cursor = request.and_then(|request| request.cursor);
        let (resources, next) = resources::list(cursor.as_deref(), &roots)?;
        let mut result = ListResourcesResult::with_all_items(resources);
        result.next_cursor = next;
        Ok(result)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(resources::templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let roots = match self.limits.of(request.input_responses.as_ref(), &context).await? {
            Limit::Known(roots) => roots,
            Limit::Asked(question) => return Ok(question.into()),
        };
        let contents = resources::read(&request.uri, &roots)?;
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        Ok(ListPromptsResult::with_all_items(prompts::list()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompts::get(&request.name, request.arguments.as_ref()).map(Into::into)
    }

    /// What the SDK does not know, and what it knows with parameters that it cannot read.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let known = [
            "tools/call",
            "tools/list",
            "resources/read",
            "resources/list",
            "resources/templates/list",
            "prompts/get",
            "prompts/list",
            "initialize",
        ];
        let CustomRequest { method, .. } = request;
        if known.contains(&method.as_str()) {
            let message = format!("the parameters of `{method}` are missing or of another kind");
            return Err(ErrorData::invalid_params(message, None));
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("there is no method `{method}`"), None))
    }

    async fn on_roots_list_changed(&self, _: NotificationContext<RoleServer>) {
        self.limits.forget().await;
    }
}
